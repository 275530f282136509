#!/usr/bin/python3
# Stands in for the mail system: takes mail over SMTP and lays it into maildirs by recipient, for an IMAP server.
#
# A recipient named by --box has a maildir of his own; mail to anybody else goes to --others. Each message is noted
# once a recipient. The headers Return-Path and Delivered-To are put before it, as a mail system does.
import asyncio
import grp
import itertools
import os
import pwd
import signal
import socket
import ssl
from email.parser import BytesHeaderParser
from email.policy import default as policy
from pathlib import Path

from aiosmtpd.smtp import SMTP

import receiver

parse_header = BytesHeaderParser(policy=policy).parsebytes


class Maildirs:
    def __init__(self, root, boxes, others):
        self.root, self.boxes, self.others = Path(root), {box.lower() for box in boxes}, others
        self.number = itertools.count()
        for box in self.boxes | {others}:
            for part in ("tmp", "new", "cur"):
                (self.root / box / part).mkdir(parents=True, exist_ok=True)

    def deliver(self, sender, recipient, content):
        box = recipient.lower() if recipient.lower() in self.boxes else self.others
        name = f"{receiver.now_ms()}.{os.getpid()}_{next(self.number)}.{socket.gethostname()}"
        head = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode()
        making = self.root / box / "tmp" / name
        making.write_bytes(head + content)
        making.rename(self.root / box / "new" / name)
        return box, f"{box}/new/{name}"


class Mail:
    """What aiosmtpd asks."""

    def __init__(self, maildirs, settings, journal):
        self.maildirs, self.settings, self.journal = maildirs, settings, journal

    async def handle_DATA(self, server, session, envelope):
        fault = self.settings.fault()
        if fault == "fail":
            return "451 4.3.0 on order"
        if fault == "hang":
            await asyncio.sleep(self.settings["hang_ms"] / 1000)
        else:
            self.take(envelope, session.ssl is not None)
        if fault:
            server.transport.abort()
        return "250 2.0.0 taken"

    def take(self, envelope, tls):
        header = parse_header(envelope.original_content)
        for recipient in envelope.rcpt_tos:
            box, file = self.maildirs.deliver(envelope.mail_from, recipient, envelope.original_content)
            self.journal.note(
                to=recipient,
                sender=envelope.mail_from,
                box=box,
                subject=str(header.get("Subject", "")),
                message_id=str(header.get("Message-ID", "")),
                size=len(envelope.original_content),
                tls=tls,
                file=file,
            )


def become(name):
    """From here on files are that user's; the code is read already."""
    user = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(grp.getgrgid(user.pw_gid).gr_gid)
    os.setuid(user.pw_uid)


async def serve(asked, mail, tls):
    loop = asyncio.get_running_loop()

    def session():
        return SMTP(mail, enable_SMTPUTF8=True, ident="Majster test mail", hostname="localhost", tls_context=tls, loop=loop)

    listening = await loop.create_server(session, asked.listen, asked.port, backlog=1024)
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    listening.close()


def main():
    parser = receiver.arguments("a stand-in for the mail system", 12525)
    parser.add_argument("--maildirs", required=True, help="folder of maildirs, one a box")
    parser.add_argument("--box", action="append", default=[], metavar="ADDRESS")
    parser.add_argument("--others", required=True, metavar="BOX", help="where everybody else's mail goes")
    parser.add_argument("--user", help="the user who owns the mail; default: who runs this")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"), help="to offer STARTTLS with")
    asked = parser.parse_args()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if asked.tls else None
    if tls:
        tls.load_cert_chain(*asked.tls)
    if asked.user:
        become(asked.user)
    maildirs = Maildirs(asked.maildirs, asked.box, asked.others)
    mail = Mail(maildirs, receiver.Settings(asked.settings, {}), receiver.Journal(asked.journal))
    asyncio.run(serve(asked, mail, tls))


main()
