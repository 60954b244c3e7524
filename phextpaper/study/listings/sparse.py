"""The sparse lookup that the paper prints: IDs to coordinates and back, batches, rows in the order of the request."""

import re


def vocab_to_coord(vocab_id, base=100):
    """Return the coordinate of an ID: its five digits in a base, each plus 1, as no part of a coordinate is 0."""
    parts = []
    for _ in range(5):
        vocab_id, digit = divmod(vocab_id, base)
        parts.insert(0, digit + 1)
    return "{}.{}.{}/{}.{}".format(*parts)


def coord_to_vocab(coord, base=100):
    """Return the ID at a coordinate: the inverse of `vocab_to_coord`."""
    vocab_id = 0
    for part in re.split("[./]", coord):
        vocab_id = vocab_id * base + int(part) - 1
    return vocab_id


def scramble(vocab_id, size, unit, shift):
    """Return the position of an ID: a bijection on 0 .. size - 1, as `unit` has no divisor in common with `size`."""
    return (unit * vocab_id + shift) % size


def batch_sparse_lookups(vocab_ids, depth=2, base=100):
    """Group IDs by the first parts of their coordinates: depth 1 by volume, 2 by volume and book, 3 by chapter too."""
    batches = {}
    for vocab_id in vocab_ids:
        parts = re.split("[./]", vocab_to_coord(vocab_id, base))
        batches.setdefault(tuple(parts[:depth]), []).append(vocab_id)
    return batches


def sparse_lookup(vocab_ids, embedding_table, width, base=100):
    """Return the rows of IDs in their order; fetch each ID once, book by book; an ID without a row gives zeros."""
    rows = {}
    distinct = dict.fromkeys(vocab_ids)
    for batch in batch_sparse_lookups(distinct, 2, base).values():
        for vocab_id in batch:
            coord = vocab_to_coord(vocab_id, base)
            rows[vocab_id] = embedding_table.get(coord, [0.0] * width)
    return [rows[vocab_id] for vocab_id in vocab_ids]
