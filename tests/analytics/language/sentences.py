"""Written complaints of known groups, for tests of what finds groups without being told."""

GROUPS = {
    "outage": """
The internet connection drops every evening around eight.
Our connection dropped again during a video call.
No internet since Tuesday, the connection is dead.
The line drops several times an hour and comes back slowly.
Another outage this week, the whole street had no connection.
The connection fails whenever it rains.
My internet is down again, third outage this month.
The wifi connection drops in the middle of films.
Internet outage all morning and nobody could work.
The connection is unstable, it drops all the time.
We had no internet for two days after the outage.
Every evening the internet slows down and then drops.
The connection went dead at noon and is still down.
Constant drops, the internet is useless for calls.
There was an outage last night and the connection never recovered.
The internet drops as soon as everybody is home.
""",
    "price": """
The monthly price went up again without any warning.
Your price increase is more than I can afford.
New customers pay a lower price than loyal ones.
The price is too expensive for what we get.
Another price increase, I now pay nine euros more.
I pay more each year, the increase is unfair.
It is too expensive, a neighbour pays half the price.
Why did the price increase twice within a year?
The monthly price is far too high compared with others.
I cannot afford this price increase on my pension.
You raised the price and gave nothing in return.
The price rise makes this plan too expensive for us.
We pay the highest price in town for the same plan.
Your letter about the price increase came out of the blue.
This plan is too expensive, please lower the price.
The price I pay doubled after the first year.
""",
    "support": """
I waited forty minutes on the phone for an agent.
Nobody in support ever answers the phone.
The agent hung up after I waited an hour.
Your hotline kept me on hold and then hung up.
I wrote three tickets and no agent answered any of them.
The support agent promised to call back and never did.
Still waiting for the call back that was promised on Monday.
On hold for an hour, then the hotline closed.
Each agent tells a different story and nobody answers.
The phone hotline is a joke, I waited all afternoon.
No agent answered my ticket for two weeks.
I was on hold so long that my phone battery died.
The hotline agent was rude and hung up on me.
My ticket is unanswered and the phone is never picked up.
I keep waiting for a call back from your agent.
Support never answers, the hotline only plays music.
""",
    "billing": """
My invoice shows a charge for a box I returned.
You charged my card twice for the same invoice.
There is a wrong amount on my last invoice.
The invoice contains a fee that I never agreed to.
I was charged for a film that nobody ordered.
The refund for the double charge has not arrived.
Please correct the invoice, the amount is wrong.
A charge of thirty euros on the invoice makes no sense.
I returned the box but the invoice still has the fee.
The amount charged to my card differs from the invoice.
Where is the refund for the wrong charge in May?
My card was charged although I had cancelled the film package.
Every invoice has a mistake, always a charge too many.
The double charge was never refunded to my card.
I was charged a late fee on an invoice that I had settled.
The invoice lists the same charge two times.
""",
    "app": """
The app crashes when I open the recordings menu.
I cannot log in to the app since the update.
After the update the app forgets my password.
The app menu is confusing and the buttons are tiny.
The login screen of the app freezes on my tablet.
The app update removed the recordings button.
My password is refused by the app every morning.
The new menu in the app hides all settings.
The app freezes and must be installed again.
Since the update the login needs three codes.
Recordings vanish from the app after a crash.
The tablet app crashes on the settings menu.
I reset my password and the login still fails.
The app shows a blank screen after login.
The buttons in the recordings menu do nothing.
The update made the app slow and it crashes.
""",
}
TEXTS = [line for lines in GROUPS.values() for line in lines.strip().splitlines()]
LABELS = [group for group, lines in GROUPS.items() for _ in lines.strip().splitlines()]
