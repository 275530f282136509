# Orders by e-mail: real SMTP to the orders' box, in the plain Polish format, as a facility manager's clerk types them.
import smtplib
import urllib.parse
from email.message import EmailMessage

ORDERS_BOX = "zlecenia@majster.example"


class Mail:
    def __init__(self, city):
        self.city = city
        where = urllib.parse.urlsplit(city.env["SMTP_URL"])
        self.host, self.port = where.hostname, where.port
        self.senders = {each["partner_id"]: each["mail_sender"] for each in city.world.partners}
        self.sent = 0

    def plan(self):
        for order in self.city.world.orders:
            if order.channel == "mail":
                self.city.agenda.at(order.at, self.send, order)

    def lines(self, order):
        return [
            ("Umowa", order.contract_id),
            ("Numer szkody", order.reference),
            ("Usługa", order.service["service_id"]),
            ("Imię", order.first_name),
            ("Nazwisko", order.last_name),
            ("Telefon", order.phone_as_said),
            ("E-mail", order.email),
            ("Ulica", order.street),
            ("Numer domu", order.house),
            ("Lokal", order.flat),
            ("Kod pocztowy", "00-001"),
            ("Miejscowość", order.spot.town),
            ("Dzielnica", order.spot.district),
            ("Opis", order.words),
        ]

    def text(self, order):
        if order.kind == "unreadable":
            return (f"Dzień dobry,\n\nproszę o pilny kontakt w sprawie awarii: {order.words}.\n"
                    f"Telefon lokatora: {order.phone_as_said}\n")
        fields = "".join(f"{name}: {value}\n" for name, value in self.lines(order) if value)
        return f"Dzień dobry,\nproszę o przyjęcie zlecenia.\n\n{fields}\nPozdrawiam\nDział techniczny\n"

    def send(self, order):
        message = EmailMessage()
        message["From"] = self.senders[order.partner_id]
        message["To"] = ORDERS_BOX
        message["Subject"] = f"Zlecenie {order.reference}"
        message["Message-ID"] = f"<{order.index}.{self.city.world.seed}@cztery-katy.example>"
        message.set_content(self.text(order))
        with smtplib.SMTP(self.host, self.port, timeout=10) as smtp:
            smtp.send_message(message)
        self.sent += 1
