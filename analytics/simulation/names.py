"""Pools of first and last names for invented customers, from many languages, and their form in an e-mail address."""

import unicodedata

_FIRST = """
Aaliyah Abdul Adaeze Adrian Agnieszka Aidan Aiko Ailbhe Aino Aisha Alejandra Alessio Alina Amara Amina Anand Anders
Aneta Anika Anouk Antero Aoife Ariadna Arjun Arthur Asha Astrid Ayesha Ayumi Babak Beatriz Bilal Birgit Björn Bogdan
Brendan Brigid Bruno Camille Caoimhe Carmen Catarina Cian Ciara Clara Claudia Colm Conor Cristina Dalia Daniel Darragh
Deirdre Devika Dieter Dimitri Dina Dominik Dragan Eamon Edith Eero Efua Eileen Ela Elif Elena Emeka Emma Enrique Esra
Ewa Fabian Farah Fatima Felix Femke Fernando Fiona Florian Francesca Freya Gabriela Gareth Georgios Gita Giulia Goran
Grace Greta Gustavo Hana Hannah Haruto Hassan Heidi Helena Henrik Hugo Ibrahim Ilse Imran Ines Ingrid Irena Isla Ivana
Jaana Jacek Jakob Jamal Jana Jasper Javier Jelena Joana Joaquim Jonas Jorge José Judit Jukka Julia Kaisa Kamal Karin
Karolina Katarzyna Kavita Keiko Kenji Kerstin Kofi Kwame Laila Lars Laszlo Laura Leila Leonor Liam Lien Lina Lorenzo
Lotte Lucas Lucía Ludmila Magda Mairead Malik Manuel Marek Margarida Maria Marta Mateus Matti Maya Mei Mehmet Mercy
Mikael Milan Minh Miriam Mohammed Monika Muireann Nadia Naoki Natalia Neil Ngozi Niamh Nikolai Nina Noor Nuno Oisín
Olga Olivia Omar Oona Orla Oskar Padraig Paula Pavel Pedro Petra Philippa Piotr Priya Qiang Rafael Rahul Rania Rebecca
Renata Ricardo Rita Roisin Rosa Ruben Ruth Ryo Saana Sabine Sadia Samira Samuel Sander Sanna Sara Sean Selma Shauna
Shreya Sigrid Silvia Sinead Siobhan Sofia Soren Stefan Sunita Svetlana Tadhg Tamar Tariq Teresa Thandiwe Thanh Theo
Thomas Tiago Tomasz Tova Ulrike Uma Urszula Vanessa Vera Victor Vikram Viola Walid Wanda Wei Willem Xenia Yara Yasmin
Yuki Yusuf Zainab Zara Zbigniew Zeynep Zofia Zoran
"""

_LAST = """
Aalto Abbas Abebe Achterberg Adebayo Adeyemi Agarwal Ahmed Akhtar Alanen Albrecht Almeida Alvarez Amadi Andrade
Antunes Aragon Arslan Asante Aydin Bakker Banerjee Baptista Barros Bauer Becker Begum Bergström Bhatt Bianchi Boateng
Bogaerts Boland Borges Bosch Brandt Breen Brennan Brouwer Byrne Cabral Cahill Caldeira Callaghan Campos Cardoso
Carvalho Casey Castro Chanda Chaudhry Chen Cheng Chukwu Clancy Coelho Connolly Corrigan Costa Coyle Cruz Cullen Cunha
Czarnecki Dahl Daly Delaney Demir Desai Devlin Dias Dijkstra Diouf Dirksen Dolan Donnelly Doyle Duarte Dubois Dunne
Duong Ebert Egan Eklund Esposito Fagan Fahey Farkas Farrell Faria Fernandes Ferrari Figueira Fischer Flynn Fonseca
Forsberg Freitas Friedl Gallagher García Gashi Geraghty Ghosh Gomes Gonçalves Grabowski Greene Gruber Guerra Gupta
Haas Hakala Halloran Hansen Haque Harju Hartmann Hayashi Healy Heikkinen Hendriks Hernández Hoang Hoekstra Hoffmann
Horvat Hussain Huynh Ibáñez Ivanova Jansen Janssens Järvinen Jensen Joshi Jovanovic Kaczmarek Kamara Kapoor Karimi
Karlsson Kaur Kavanagh Keane Kearney Kelleher Keller Kettunen Khan Kimura Kinsella Klein Kobayashi Koivisto Kovacs
Kowalczyk Krause Kruger Kumar Kuusela Lacerda Lahtinen Laine Lambert Larkin Lehmann Leitão Lenz Lima Lindqvist Lopes
Lowry Lynch Macedo Magnusson Mahon Maier Mancini Mansour Marinov Markovic Marques Martins Matos Mazur Mbeki McBride
McCabe McGrath Mehta Meijer Melo Mendes Mensah Moloney Monteiro Moraes Moran Morel Mulder Müller Mustafa Mwangi
Nakamura Nair Neumann Neves Nguyen Nielsen Niemi Nolan Novak Nowak Nunes Nyberg Obi Odonkor Okafor Okonkwo Olsen Osei
Otero Owusu Ozturk Pacheco Pahlavi Patel Paulsen Peltonen Pereira Petrov Pfeiffer Pham Pinto Popescu Postma Power
Quigley Quinn Rahman Ramos Rao Rasmussen Reddy Regan Reis Ribeiro Richter Rinne Rocha Rodrigues Romano Rossi Roth Rusu
Ryan Saarinen Salonen Santos Sarkar Sato Schäfer Schmid Schouten Schreiber Seidel Serrano Sharma Shevchenko Silva
Simões Singh Smit Soares Sousa Stein Suzuki Svensson Szabo Tanaka Tavares Teixeira Thapa Timmermans Tobin Torres Tran
Tuominen Turunen Uysal Valente Vargas Vasquez Verhoeven Vieira Virtanen Visser Vogel Wagner Walsh Wanjiru Weber Whelan
Winkler Wójcik Wong Yamamoto Yilmaz Zanetti Zhang Ziegler Zielinska
"""

FIRST_NAMES = tuple(_FIRST.split())
LAST_NAMES = tuple(_LAST.split())

MAIL_DOMAINS = ("mailbox.example", "inbox.example", "postfach.example", "example.com", "example.org", "example.net")
"""Domains reserved for examples: a message sent there reaches nobody."""

_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ß": "ss", "ł": "l", "Ł": "L"})


def ascii_name(name: str) -> str:
    """Lower-case ASCII letters of a name, for the local part of an address."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return "".join(letter for letter in plain.lower() if "a" <= letter <= "z")
