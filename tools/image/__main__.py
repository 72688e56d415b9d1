"""Build the image of a card: ``python -m tools.image --work DIR``.

One image for the Raspberry Pi Zero 2 W, 3 and 4 (the 5 takes a later Debian): Debian's kernel and
firmware, our package, and what lies in `packaging/image`. The system is only read; what is kept has
a partition of its own.
Nobody can log in, and nothing listens to a network. Needs root, ``qemu-user-static``,
``mmdebstrap``, ``arch-test``, ``mtools``, ``dosfstools``, ``fdisk`` and ``e2fsprogs``.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tools.foreign import ROOT, command, missing
from tools.package import build
from tools.small_debian import small_debian

OVERLAY: Final = ROOT / "packaging" / "image"
RELEASE: Final = "bookworm"
PACKAGES: Final = (
    *("linux-image-arm64", "initramfs-tools", "raspi-firmware", "kmod", "alsa-utils"),
    *("e2fsprogs", "fdisk", "fake-hwclock", "zstd"),
)
COMPONENTS: Final = "main,non-free-firmware"
"""What the boards need before Linux is not free."""
MASKED: Final = (
    *("getty.target", "console-getty.service", "systemd-networkd.service", "apt-daily.timer"),
    *("apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer"),
    *("e2scrub_reap.service", "systemd-random-seed.service", "systemd-firstboot.service"),
)
"""Units that would let somebody in, want the network, or write to what is only read."""

MB: Final = 1 << 20
BOOT, DATA, SPARE = 256 * MB, 64 * MB, 96 * MB
"""Sizes of the boot partition, of the data at first, and of what the system's has to spare."""
FIRST: Final = 4 * MB
"""Where the first partition begins, for cards like whole blocks."""
IDS: Final = {
    "system": "6f5a0c5e-6d2b-4c56-9a6e-0d4b6a1f3c01",
    "data": "6f5a0c5e-6d2b-4c56-9a6e-0d4b6a1f3c02",
}


def main() -> int:
    """Build it, and print where it lies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    if why := missing():
        parser.error(why)
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    out = arguments.out or work / "voice-coach.img"
    root = system(work)
    image(root, work, out)
    print(out)
    return 0


def system(work: Path) -> Path:
    """Make the system that goes onto the card; return its folder."""
    base = small_debian(work / f"image-{RELEASE}", RELEASE, PACKAGES, COMPONENTS)
    if not any((base / "boot").glob("initrd.img-*")):
        make = "update-initramfs -c -k $(ls /lib/modules)"
        subprocess.run(command(["sh", "-c", make], base), cwd=ROOT, check=True)
    package = build(RELEASE, "arm64", work / "dist")
    root = work / "system"
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(["cp", "-a", base, root], check=True)
    shutil.copy(package, root / "tmp")
    install = f"dpkg --install /tmp/{package.name} && rm /tmp/{package.name}"
    subprocess.run(["cp", "-rT", OVERLAY, root], check=True)
    subprocess.run(["chown", "-R", "root:root", root / "usr/lib/voice-coach-image"], check=True)
    # What comes first settles how the firmware's package writes the boot partition.
    inside = f"""
        set -e
        {install}
        usermod --lock root
        systemctl enable --quiet voice-coach-take-over.service
        systemctl mask --quiet {" ".join(MASKED)}
        DEB_MAINT_PARAMS=configure /etc/kernel/postinst.d/z50-raspi-firmware
        mkdir -p /data
    """
    subprocess.run(command(["sh", "-c", inside], root), cwd=ROOT, check=True)
    docs = root / "usr/share/doc/voice-coach"
    shutil.copy(docs / "settings.example.toml", root / "boot/firmware/settings.example.txt")
    (root / "etc/hostname").write_text("voice-coach\n")
    (root / "etc/machine-id").write_text("")
    for folder in ("var/cache/apt", "var/lib/apt/lists", "var/log", "tmp", "mnt"):
        for path in (root / folder).iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return root


def image(root: Path, work: Path, out: Path) -> None:
    """Write the system at `root` as the image of a card."""
    boot = work / "boot"
    shutil.rmtree(boot, ignore_errors=True)
    shutil.move(root / "boot/firmware", boot)
    (root / "boot/firmware").mkdir()
    listed = subprocess.run(["du", "-sb", root], capture_output=True, text=True, check=True)
    used = int(listed.stdout.split()[0])
    size = (round(1.12 * used) + SPARE) // MB * MB
    parts = {"boot.vfat": BOOT, "system.ext4": size, "data.ext4": DATA}
    for name, length in parts.items():
        (work / name).unlink(missing_ok=True)
        with (work / name).open("wb") as file:
            file.truncate(length)
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    fat = work / "boot.vfat"
    subprocess.run(["mkfs.vfat", "-F", "32", "-n", "BOOT", "-i", "5eedc0a1", fat], check=True)
    subprocess.run(["mcopy", "-s", "-m", "-i", fat, *sorted(boot.iterdir()), "::"], check=True)
    for label, folder in (("system", ["-d", str(root)]), ("data", [])):
        make = ["mkfs.ext4", "-q", "-F", "-L", label, "-U", IDS[label], "-m", "0", *folder]
        subprocess.run([*make, work / f"{label}.ext4"], check=True)
    _join([work / name for name in parts], out)


def _join(parts: list[Path], out: Path) -> None:
    """Write `parts` one after the other, with a table of them before."""
    table, start = ["label: dos", "label-id: 0x5eedc0a1"], FIRST
    with out.open("wb") as file:
        file.truncate(FIRST + sum(part.stat().st_size for part in parts))
    for part, kind in zip(parts, ("c, bootable", "83", "83"), strict=True):
        length = part.stat().st_size
        table.append(f"start={start // 512}, size={length // 512}, type={kind}")
        copy = ["dd", f"if={part}", f"of={out}", "bs=1M", f"seek={start // MB}"]
        subprocess.run([*copy, "conv=notrunc,sparse", "status=none"], check=True)
        start += length
    subprocess.run(["sfdisk", "--quiet", out], input="\n".join(table) + "\n", text=True, check=True)


if __name__ == "__main__":
    sys.exit(main())
