"""Claims that no sentence of this paper may make: that hardware of ours exists."""

import re

# The design exists on paper. TPU v4's results are TPU v4's; what is timed is this project's code on the machine that
# runs it.
_NAME = r"(?:PBC|Phext-Based Compute)"
_THING = (
    r"(?:TPU|GPU|IPU|A100|accelerator|chip|switch|switche|OCS|OCSe|rack|cluster|pod|supercomputer|hardware|silicon|testbed"
    r"|prototype)s?"
)
_MADE = (
    r"(?:built|fabricated|manufactured|deployed|installed|measured|benchmarked"
    r"|in production|in use|operational|running)"
)
HARDWARE = (
    r"we (?:have )?(?:built|build|fabricated|manufactured|deployed|taped out|prototyped|installed)"
    r"(?! (?:no|not|none|nothing|neither)\b)"
    r"|our (?:hardware|silicon|test ?bed|prototype|cluster|supercomputer|datacent(?:er|re)|accelerator"
    r"|deployment|rack|installation)s?"
    r"|we (?:have )?(?:measured|timed|benchmarked|ran|tested|profiled|trained)\b[^.;]*? on "
    rf"(?:an? |the |our )?(?:\w+ )?{_THING}"
    rf"|our (?:measurement|run|experiment|benchmark)s? (?:on|with) (?:an? |the )?{_THING}"
    rf"|{_NAME} (?:was|is|has been|were) (?:\w+ly )?{_MADE}"
    rf"|{_NAME} (?:achiev|deliver|sustain|outperform|beat|ran|runs|train|measured|serve)\w*"
)
HARDWARE_CLAIM = re.compile(rf"\b(?:{HARDWARE})\b", re.IGNORECASE)
