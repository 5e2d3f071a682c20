"""Browsers by name, so that people recognise where they are signed in. A guess, never a ground for a decision."""

# The first that fits: many browsers also claim to be the ones below them.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"))
_MORE = (("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def name_of(user_agent: str) -> str:
    """ "Firefox · Windows" from what a browser says of itself; what it says, cut short, when nothing fits."""
    names = [name for sign, name in (*_BROWSERS, *_MORE) if sign in user_agent][:1]
    names += [name for sign, name in _SYSTEMS if sign in user_agent][:1]
    return " · ".join(names) or user_agent[:40]
