"""`python -m tests.journeys.bell NAME`: have the worker look now instead of with the next minute."""

import sys

from app import create_app
from app.core import job_queue
from config import from_environment

if __name__ == "__main__":
    with create_app(from_environment()).app_context():
        job_queue.ring(sys.argv[1])
