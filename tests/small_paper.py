"""A small paper in the form of the assembled one, with everything that the big one may hold."""

from pathlib import Path

from conftest import ROOT
from small_pdf import make_pdf

PAPER = r"""# Naming chips: a small paper

*A design study of 8 chips. Nothing in it was built.*

## Abstract

We name 16 x 16 chips and find 4x4x8 of them [@jouppi2023].

## Contents

- [1 Introduction](#1-introduction)

## List of figures

- [Figure 1: chips on coordinates](#figure-1)

## List of tables

- [Table 1: machines & what they report](#table-1)

## 1 Introduction

This section shows Sections 1 and 2, Sections 1-2, Section 1.1, (Section 2), Figure 1, Tables 1 to 2, and Equation 1. The link takes 10 ms, 61 % of it idle [@dally2004; @jouppi2023, Table 4].

<a id="figure-1"></a>

![Figure 1: chips on coordinates, as 'names' [@dally2004]](figures/fig-1-chips.svg)

### 1.1 Code & marks

Run `phextpaper topology torus:4x4 --json | tail -n 1 > out_1.txt` or read 16.16.16/4.1.1. It costs $5, 100%, a_b, #1 and {braces}.

```python
def owner(vocab_id, base=100):  # a comment with 'quotes', "more" and a long tail that does not fit one column of the page
    return {"id": vocab_id % base, "rest": [digit for digit in range(base) if digit != vocab_id and digit > 0]}
```

```
library
  +-- shelf                     a level that is named in a diagram of many columns, so that it has to be small, or else it would stick out
```

## 2 Formulas

The mean over pairs of $N$ chips is

$$\bar h = \frac{1}{N(N-1)} \sum_{u \ne v} d(u, v)$$

where $d$ counts hops. Alone stands

$$T = \frac{N-1}{\max_e \ell(e)}$$

The lists follow:

1. **First.** One.
2. *Second* with ≤ 5 µs → 4 − 3.

- a point
- another

<a id="table-1"></a>

**Table 1: machines & what they report**

| Machine | Chips | Reported |
|---|---:|---|
| TPU v4 | 4096 | [@jouppi2023, Table 4] |
| none_such | 5 | not reported |

Notes on Table 1. *Chips* as of Section 2.

<a id="table-2"></a>

**Table 2: a wide table**

| Concept of the first | Equivalent in the second | Kind of the mapping | Notes that explain at length |
|---|---|---|---|
| an optical circuit switch between blocks of chips | a rule over coordinates that joins two volumes | analogy that holds for state | the switch looks at no packet, and so a rule looks at none, which is as far as the analogy goes |
| a slice of the machine for one job of one user | a set of prefixes that the job has for itself | direct and computed by us here | a prefix is a name and moves no message, so the slice decides, and the name tells who decided it |

A table in the text:

| Delimiter | Byte |
|---|---|
| library | 0x01 |

## References

- **[jouppi2023]** Jouppi. *TPU v4*. ISCA, 2023.
"""

FIGURE = make_pdf("8 chips")


def read(name: str) -> bytes:
    """A file of the project."""
    return Path(ROOT, name).read_bytes()
