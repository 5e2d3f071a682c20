"""Files that go with a mail: kept once by `core.storage`, named by the mail, read when it is sent."""

from collections.abc import Sequence

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import mail, storage
from app.core.db import Base, db
from app.core.file_formats import MEBIBYTE
from app.core.storage import StoredFile

MOST_BYTES = 10 * MEBIBYTE  # of all files of a mail: many servers take no more


class MailAttachment(Base):
    """A stored file that goes with a mail. Whoever writes the mail answers for who may read the file."""

    __tablename__ = "mail_attachment"
    __table_args__ = (UniqueConstraint("message_id", "file_id"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id", ondelete="CASCADE"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)


def add(message_id: int, files: Sequence[StoredFile]) -> None:
    """Have files go with a mail. Raises: ValueError if they are too large to be sent."""
    if sum(file.size for file in files) > MOST_BYTES:
        raise ValueError("The files of a mail are larger than most servers take.")
    db.session.add_all([MailAttachment(message_id=message_id, file_id=file.id) for file in files])


def of(message_id: int) -> list[StoredFile]:
    """The files of a mail in the order in which they were added."""
    query = select(StoredFile).join(MailAttachment, MailAttachment.file_id == StoredFile.id)
    return list(db.session.scalars(query.where(MailAttachment.message_id == message_id).order_by(MailAttachment.id)))


def of_each(message_ids: Sequence[int]) -> dict[int, list[StoredFile]]:
    """The files of several mails, by mail."""
    query = (
        select(MailAttachment.message_id, StoredFile)
        .join(StoredFile, MailAttachment.file_id == StoredFile.id)
        .where(MailAttachment.message_id.in_(message_ids))
        .order_by(MailAttachment.id)
    )
    found: dict[int, list[StoredFile]] = {}
    for message_id, file in db.session.execute(query) if message_ids else ():
        found.setdefault(message_id, []).append(file)
    return found


def parts(files: Sequence[StoredFile]) -> tuple[mail.Part, ...]:
    """Files as a mail carries them. Raises: FileNotFoundError if one is gone: then the mail must not go."""
    found = []
    for stored in files:
        with storage.open_file(stored) as content:
            found.append(mail.Part(stored.name, stored.media_type, content.read()))
    return tuple(found)
