"""``matrix.json``: the matrix as a machine reads it, and as its page is made from."""

from __future__ import annotations

from harness.proof.matrix import Cell, Matrix, Standing

__all__ = ["SCHEMA", "matrix_record"]

SCHEMA = "docplanner-acceptance/matrix/1"


def matrix_record(matrix: Matrix, *, whole: bool, seed: int) -> dict[str, object]:
    """Everything that the matrix says; ``whole`` where the whole suite was played for each defect."""
    return {
        "schema": SCHEMA,
        "proven": matrix.proven,
        "whole": whole,
        "seed": seed,
        "counts": {str(standing): len(matrix.of(standing)) for standing in Standing},
        "named": matrix.named,
        "criteria": list(matrix.criteria),
        "never_red": list(matrix.never_red),
        "accused": list(matrix.accused),
        "honest_trouble": matrix.honest_trouble,
        "defects": [
            {
                "name": row.meant.defect,
                "area": row.meant.area,
                "criterion": row.meant.criterion,
                "summary": row.meant.summary,
                "standing": str(row.standing),
                "red": list(row.red),
                "said": row.said,
                "likely": row.likely,
                "named": row.named,
                "seconds": round(row.seconds, 1),
                "cells": {name: str(cell) for name in matrix.criteria if (cell := row.cell(name)) is not Cell.UNPLAYED},
            }
            for row in matrix.rows
        ],
    }
