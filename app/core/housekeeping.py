"""What the night tidies up: uploads nobody kept, counters whose period is over, forms carried, texts of old mails."""

import logging
from datetime import timedelta

from app.core import carrying, clock, job_queue, limits, outbox, storage, transaction
from app.core.lists import taking

logger = logging.getLogger(__name__)

KEEP_MAIL_TEXTS = timedelta(days=90)  # security contract 5.9


@job_queue.bell("housekeeping", minute="17", hour="18")  # 03:17 in Tokyo
def tidy() -> None:
    """Run every sweep once; each is safe to repeat."""
    orphans = storage.sweep_orphans()
    with transaction.unit_of_work():
        counters = limits.purge()
        forms = carrying.sweep(clock.now())
        tasks = taking.sweep(clock.now())
        texts = outbox.forget_texts(clock.now() - KEEP_MAIL_TEXTS)
    counted = (orphans, counters, forms, texts, tasks)
    logger.info("Tidied up: %s files, %s counters, %s forms, %s mail texts, %s tasks on lists.", *counted)
