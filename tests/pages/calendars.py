# A calendar file as three parsers of other people read it: Debian's icalendar and vobject, and libical, which most
# calendars on desktops and phones stand on. Each gives the same dict: uid, sequence, status, method, start, end, summary.
import ctypes
from datetime import timezone

import icalendar
import vobject


def seconds(moment):
    return int(moment.astimezone(timezone.utc).timestamp())


def by_icalendar(text):
    calendar = icalendar.Calendar.from_ical(text)
    [event] = calendar.walk("VEVENT")
    return {"uid": str(event["UID"]), "sequence": int(event["SEQUENCE"]), "status": str(event["STATUS"]), "method": str(calendar["METHOD"]),
            "start": seconds(event["DTSTART"].dt), "end": seconds(event["DTEND"].dt), "summary": str(event["SUMMARY"])}  # fmt: skip


def by_vobject(text):
    calendar = vobject.readOne(text)
    [event] = calendar.vevent_list
    return {"uid": event.uid.value, "sequence": int(event.sequence.value), "status": event.status.value, "method": calendar.method.value,
            "start": seconds(event.dtstart.value), "end": seconds(event.dtend.value), "summary": event.summary.value}  # fmt: skip


class Time(ctypes.Structure):
    """struct icaltimetype of libical 3."""

    _fields_ = [(name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")] + [("zone", ctypes.c_void_p)]


class Libical:
    EVENT = 4  # ICAL_VEVENT_COMPONENT

    def __init__(self):
        self.c = ctypes.CDLL("libical.so.3")
        for name, given, answer in (
            ("icalcomponent_new_from_string", [ctypes.c_char_p], ctypes.c_void_p),
            ("icalcomponent_get_first_component", [ctypes.c_void_p, ctypes.c_int], ctypes.c_void_p),
            ("icalcomponent_count_errors", [ctypes.c_void_p], ctypes.c_int),
            ("icalcomponent_get_uid", [ctypes.c_void_p], ctypes.c_char_p),
            ("icalcomponent_get_summary", [ctypes.c_void_p], ctypes.c_char_p),
            ("icalcomponent_get_sequence", [ctypes.c_void_p], ctypes.c_int),
            ("icalcomponent_get_status", [ctypes.c_void_p], ctypes.c_int),
            ("icalproperty_status_to_string", [ctypes.c_int], ctypes.c_char_p),
            ("icalcomponent_get_method", [ctypes.c_void_p], ctypes.c_int),
            ("icalproperty_method_to_string", [ctypes.c_int], ctypes.c_char_p),
            ("icalcomponent_get_dtstart", [ctypes.c_void_p], Time),
            ("icalcomponent_get_dtend", [ctypes.c_void_p], Time),
            ("icaltime_as_timet_with_zone", [Time, ctypes.c_void_p], ctypes.c_long),
            ("icaltimezone_get_tzid", [ctypes.c_void_p], ctypes.c_char_p),
            ("icalcomponent_free", [ctypes.c_void_p], None),
        ):  # fmt: skip
            function = getattr(self.c, name)
            function.argtypes, function.restype = given, answer

    def __call__(self, text):
        calendar = self.c.icalcomponent_new_from_string(text.encode())
        assert calendar and not self.c.icalcomponent_count_errors(calendar), text
        event = self.c.icalcomponent_get_first_component(calendar, self.EVENT)
        start, end = self.c.icalcomponent_get_dtstart(event), self.c.icalcomponent_get_dtend(event)
        assert self.c.icaltimezone_get_tzid(start.zone) == b"Europe/Warsaw", "the file's own zone is found"
        read = {"uid": self.c.icalcomponent_get_uid(event).decode(), "sequence": self.c.icalcomponent_get_sequence(event),
                "status": self.c.icalproperty_status_to_string(self.c.icalcomponent_get_status(event)).decode(),
                "method": self.c.icalproperty_method_to_string(self.c.icalcomponent_get_method(calendar)).decode(),
                "start": self.c.icaltime_as_timet_with_zone(start, start.zone), "end": self.c.icaltime_as_timet_with_zone(end, end.zone),
                "summary": self.c.icalcomponent_get_summary(event).decode()}  # fmt: skip
        self.c.icalcomponent_free(calendar)
        return read


PARSERS = [by_icalendar, by_vobject, Libical()]


def read(text):
    """What the three agree on; each line is short enough and whole."""
    assert text.endswith("\r\n") and all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    first, *others = [parser(text) for parser in PARSERS]
    assert all(each == first for each in others), [first, *others]
    return first


class Calendar:
    """A customer's calendar: of two entries with one UID the higher sequence stands (RFC 5546, 2.1.5)."""

    def __init__(self):
        self.entries = {}

    def take(self, text):
        entry = read(text)
        if entry["sequence"] >= self.entries.get(entry["uid"], entry)["sequence"]:
            self.entries[entry["uid"]] = entry
