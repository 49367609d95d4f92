"""Draw the demo capsules' pictures and write each capsule's media.toml.

    python data/studio/draw.py                       everything that is not finished yet
    python data/studio/draw.py --only nc-vm-hero     these alone, also when they are finished
    python data/studio/draw.py --draft 0.4           small and quick, into --out, to compose a picture
    python data/studio/draw.py --list                only write the media.toml files again

Needs: see README.md. Each picture is drawn in a process of its own, so a stopped run goes on where it was.
"""
import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
CAPSULES = HERE.parent / "capsules"
ROLES = ("hero", "hallmark", "lifestyle", "detail", "scale", "pet", "swatch")      # the order in which a piece shows its pictures
HEAD = """\
# Written by data/studio/draw.py. Every picture here is a render, and the screens say so.
# Without a sku a picture belongs to the whole capsule.
"""
LEDGER = HERE / "drawn.json"       # picture → samples it was drawn with


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", nargs="*", default=[])
    ask.add_argument("--draft", type=float, default=0.0, help="scale of the picture, for example 0.4")
    ask.add_argument("--samples", type=int, default=0)
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--out", type=Path, default=HERE / "drafts")
    ask.add_argument("--list", action="store_true")
    ask.add_argument("--one", help=argparse.SUPPRESS)
    asked = ask.parse_args()
    from pictures import PICTURES, Swatch
    if asked.one:
        return draw_one(next(p for p in PICTURES if p.name == asked.one), asked)
    for picture in [] if asked.list else PICTURES:
        if isinstance(picture, Swatch):
            continue
        if picture.name in asked.only or (not asked.only and not finished(picture)):
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--one", picture.name], check=True)
    if not asked.draft:
        for swatch in (p for p in PICTURES if isinstance(p, Swatch)):
            cut(swatch)
        write_lists(PICTURES)


def ledger():
    return json.loads(LEDGER.read_text()) if LEDGER.exists() else {}


def finished(picture):
    return ledger().get(picture.name, 0) >= picture.samples and file_of(picture).exists()


def file_of(picture):
    return CAPSULES / picture.capsule / "media" / f"{picture.name}.webp"


def draw_one(picture, asked):
    import bpy
    started = time.time()
    bpy.ops.wm.read_factory_settings(use_empty=True)
    picture.scene()
    built = time.time()
    scene = bpy.context.scene
    samples = asked.samples or picture.samples
    shot = asked.out / f"{picture.name}.png"
    asked.out.mkdir(parents=True, exist_ok=True)
    prepare(scene, picture.size, asked.draft or 1.0, samples, asked.threads, shot)
    bpy.ops.render.render(write_still=True)
    print(f"{picture.name}: built in {built - started:.0f} s, drawn in {time.time() - built:.0f} s, {samples} samples")
    if not asked.draft:
        keep(picture, shot, samples)


def prepare(scene, size, scale, samples, threads, shot):
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y = (int(v * scale) for v in size)
    render.resolution_percentage = 100
    render.threads_mode, render.threads = "FIXED", threads
    cycles.device, cycles.samples = "CPU", samples
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, 0.03
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.max_bounces, cycles.glossy_bounces, cycles.diffuse_bounces, cycles.transmission_bounces = 8, 4, 1, 8     # a stone wants all 8
    cycles.caustics_reflective, cycles.blur_glossy, cycles.sample_clamp_indirect = True, 0.6, 6.0
    view = scene.view_settings
    view.view_transform, view.look, view.exposure = "AgX", "AgX - Medium High Contrast", 0.35
    render.image_settings.file_format, render.image_settings.color_depth = "PNG", "8"
    render.filepath = str(shot)


def keep(picture, shot, samples):
    """Encode the picture and its thumbnail, small enough for a tablet on a shop's Wi-Fi."""
    image = Image.open(shot).convert("RGB")
    file = file_of(picture)
    file.parent.mkdir(parents=True, exist_ok=True)
    encode(image, file, limit=180_000, quality=88)
    small = image.copy()
    small.thumbnail((400, 400), Image.LANCZOS)
    encode(small, file.with_suffix(".thumb.webp"), limit=20_000, quality=82)
    LEDGER.write_text(json.dumps(ledger() | {picture.name: samples}, indent=1, sort_keys=True) + "\n")


def cut(swatch):
    """Cut a swatch out of a finished picture."""
    source = CAPSULES / swatch.capsule / "media" / f"{swatch.source}.webp"
    if not source.exists():
        return
    whole = Image.open(source).convert("RGB")
    left, top, side = (share * whole.width for share in swatch.box)
    square = whole.resize((400, 400), Image.LANCZOS, box=(left, top, left + side, top + side))
    encode(square, file_of(swatch), limit=30_000, quality=88)
    encode(square.resize((160, 160), Image.LANCZOS), file_of(swatch).with_suffix(".thumb.webp"), limit=8_000, quality=82)


def encode(image, file, *, limit, quality):
    while True:
        image.save(file, "WEBP", quality=quality, method=6)
        if file.stat().st_size <= limit or quality <= 40:
            return
        quality -= 4


def write_lists(pictures):
    """media.toml names only what exists."""
    for capsule in sorted({p.capsule for p in pictures}):
        there = [p for p in pictures if p.capsule == capsule and file_of(p).exists()]
        skus = [(p, sku) for p in there for sku in (p.sku if isinstance(p.sku, tuple) else (p.sku,))]
        skus.sort(key=lambda pair: (pair[1] is not None, ROLES.index(role(*pair))))
        if there:
            text = HEAD + "".join(entry(p, sku) for p, sku in skus)
            (CAPSULES / capsule / "media.toml").write_text(text, encoding="utf-8")


def role(p, sku):
    """What shows the whole capsule leads it, whatever it is to a piece."""
    return p.role if sku or p.role == "swatch" else "hero"


def entry(p, sku):
    width, height = Image.open(file_of(p)).size
    whose = f'sku = "{sku}"\n' if sku else f'material = "{p.material}"\n' if p.role == "swatch" else ""
    return f"""
[[picture]]
file = "media/{p.name}.webp"
thumb = "media/{p.name}.thumb.webp"
{whose}role = "{role(p, sku)}"
kind = "render"
orientation = "{p.orientation}"
focus = "{p.focus}"
{marks(p)}width = {width}
height = {height}
alt.en = "{p.en}"
alt.fr = "{french(p.fr)}"
"""


def marks(p):
    """Where the marks of a hallmark picture are, to be looked at close to."""
    return f"marks = {json.dumps(p.marks)}\n" if p.role == "hallmark" and p.marks else ""


def french(words):
    """The spaces that French keeps on the line: before : ; ! ? and inside « », and between a number and its unit."""
    return re.sub(r" (?=[:;!?»])|(?<=«) |(?<=\d) (?=mm\b)", "\u00a0", words)


if __name__ == "__main__":
    main()
