"""What the night does for alumni."""

import logging

from app.alumni import service
from app.core import job_queue, transaction

logger = logging.getLogger(__name__)


@job_queue.bell("alumni-rest", minute="37", hour="18")  # 03:37 in Tokyo
def let_rest() -> None:
    """Set aside profiles nobody has confirmed for long, a batch a night."""
    with transaction.unit_of_work():
        resting = service.let_rest()
    logger.info("Set aside %s alumni profiles not confirmed for long.", resting)
