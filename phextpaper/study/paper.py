"""What this paper adds to the press in code: its machine, what its templates may print, what follows a build."""

from phextpaper.engine.naming.coordinates import Coordinate
from phextpaper.study.gate_replies import replies
from phextpaper.study.parameters import Machinery
from phextpaper.study.phext_document import NAME, write_phext
from phextpaper.study.wording import HARDWARE_CLAIM

description = Machinery
printable = (Coordinate,)
finish = (write_phext,)
bundles = (NAME,)
forbidden = HARDWARE_CLAIM
claim = "claim of hardware"
__all__ = ["bundles", "claim", "description", "finish", "forbidden", "printable", "replies"]
