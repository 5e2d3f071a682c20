"""Settings, read from the environment once. A default is safe in production and in public, or there is none."""

import os
from pathlib import Path

ROOT = Path(__file__).parent
INSTANCE = ROOT / "instance"


def _file_or_value(name: str, default: str | None = None) -> str | None:
    """A secret from the file named by NAME_FILE, or from NAME."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


class Config:
    """What all environments share. `None` means: must be given before the application starts."""

    DEMO = False
    SECRET_KEY: str | None = None
    SECRET_KEY_FALLBACKS: list[str] = []
    FIELD_KEYS: str | None = None  # "id:base64(32 bytes),older-id:…": the first one encrypts
    BLIND_INDEX_KEY: str | None = None
    RECEIPT_KEYS: str | None = None  # "id:base64(32 bytes),older-id:…": the first one signs, all of them verify
    DATABASE_URL = ""
    JOBS_URL = ""
    STORAGE_DIR = ""
    BASE_URL = "http://127.0.0.1:8000"
    TRUSTED_HOSTS: list[str] | None = None
    PROXY_COUNT = 0
    MAIL_TRANSPORT = "mailbox"  # "smtp", or "mailbox": mails stay in the outbox and are read on the mailbox page
    MAIL_FROM = "Sakura Science Exchange <no-reply@sakura.invalid>"
    OFFICE_EMAIL = "office@sakura.invalid"  # whom hosts write to when they have a question about a letter
    SMTP_HOST = "127.0.0.1"
    SMTP_PORT = 25
    SMTP_USER: str | None = None
    SMTP_PASSWORD: str | None = None
    SMTP_STARTTLS = False
    SESSION_COOKIE_NAME = "sid"
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_SECURE = False
    WTF_CSRF_TIME_LIMIT = None  # as long as the session
    MAX_CONTENT_LENGTH = 25 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE = 2 * 1024 * 1024
    TEMPLATES_AUTO_RELOAD = False
    SCANNER: str | None = os.environ.get("SCANNER") or None  # clamd://host:port or clamd:///path; none: formats only
    PLAN_PEOPLE_DAYS = int(os.environ.get("PLAN_PEOPLE_DAYS", "90"))  # names of plans declined or withdrawn are kept
    ARGON2_MEMORY_KIB = 19 * 1024


class Development(Config):
    """A checkout on somebody's desk, and the demonstration: keys made here are good for nothing else."""

    SECRET_KEY = "demonstration only: this key protects nothing real"
    FIELD_KEYS = "demo:ZGVtb25zdHJhdGlvbiBvbmx5LCAzMiBieXRlcyEhISE="
    BLIND_INDEX_KEY = "demonstration only, blind index"
    RECEIPT_KEYS = "demo:ZGVtb25zdHJhdGlvbiByZWNlaXB0cywgMzIgYnl0ZSE="
    DATABASE_URL = os.environ.get("DATABASE_URL", f"sqlite:///{INSTANCE / 'sakura.sqlite'}")
    JOBS_URL = os.environ.get("JOBS_URL", f"sqlite:///{INSTANCE / 'jobs.sqlite'}")
    STORAGE_DIR = os.environ.get("STORAGE_DIR", str(INSTANCE / "files"))
    BASE_URL = os.environ.get("BASE_URL", Config.BASE_URL)
    DEMO = True


class Testing(Development):
    """The tests: on SQLite in memory, or on the database named by TEST_DATABASE_URL."""

    TESTING = True
    DEMO = False
    DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "sqlite://")
    JOBS_URL = "immediate:"
    STORAGE_DIR = str(INSTANCE / "test-files")
    WTF_CSRF_ENABLED = False
    ARGON2_MEMORY_KIB = 8
    SERVER_NAME = "localhost"


class Production(Config):
    """Everything that matters comes from outside; without it the application does not start."""

    def __init__(self) -> None:
        self.SECRET_KEY = _file_or_value("SECRET_KEY")
        self.FIELD_KEYS = _file_or_value("FIELD_KEYS")
        self.BLIND_INDEX_KEY = _file_or_value("BLIND_INDEX_KEY")
        self.RECEIPT_KEYS = _file_or_value("RECEIPT_KEYS")
        self.DATABASE_URL = _file_or_value("DATABASE_URL") or ""
        self.JOBS_URL = os.environ.get("JOBS_URL") or self.DATABASE_URL
        self.STORAGE_DIR = os.environ.get("STORAGE_DIR", "")
        self.BASE_URL = os.environ.get("BASE_URL", "")
        self.TRUSTED_HOSTS = [host for host in os.environ.get("TRUSTED_HOSTS", "").split(",") if host] or None
        self.PROXY_COUNT = int(os.environ.get("PROXY_COUNT", "1"))
        self.MAIL_TRANSPORT = "smtp"
        self.MAIL_FROM = os.environ.get("MAIL_FROM", self.MAIL_FROM)
        self.OFFICE_EMAIL = os.environ.get("OFFICE_EMAIL", self.OFFICE_EMAIL)
        self.SMTP_HOST = os.environ.get("SMTP_HOST", self.SMTP_HOST)
        self.SMTP_PORT = int(os.environ.get("SMTP_PORT", str(self.SMTP_PORT)))
        self.SMTP_USER = os.environ.get("SMTP_USER")
        self.SMTP_PASSWORD = _file_or_value("SMTP_PASSWORD")
        self.SMTP_STARTTLS = os.environ.get("SMTP_STARTTLS", "1") == "1"

    SESSION_COOKIE_NAME = "__Host-sid"
    SESSION_COOKIE_SECURE = True
    PREFERRED_URL_SCHEME = "https"
    REQUIRED = (
        "SECRET_KEY",
        "FIELD_KEYS",
        "BLIND_INDEX_KEY",
        "RECEIPT_KEYS",
        "DATABASE_URL",
        "STORAGE_DIR",
        "BASE_URL",
        "TRUSTED_HOSTS",
    )


BY_NAME: dict[str, type[Config]] = {
    "development": Development,
    "demo": Development,
    "testing": Testing,
    "production": Production,
}


def from_environment() -> Config:
    """The settings APP_ENV names; the demonstration where it names none."""
    return BY_NAME[os.environ.get("APP_ENV", "demo")]()
