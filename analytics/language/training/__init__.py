"""The texts the shipped language models are trained on, and the readers of the public sets that join them."""
