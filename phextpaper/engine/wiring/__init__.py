"""Wiring: machines of blocks with optical switches between, what ports allow, and what a change of topology takes."""

from phextpaper.engine.contents import contents

__all__, __getattr__, __dir__ = contents(
    __name__,
    {
        "blocks": ["LinkKinds", "link_kinds"],
        "faces": ["face_places"],
        "ports": [
            "PortBudget",
            "Swap",
            "SwitchPlan",
            "TimeShared",
            "block_switches",
            "blocks_per_switch",
            "chip_switches",
            "optical_ports",
            "port_budget",
            "swap",
            "time_shared",
        ],
        "topology_changes": [
            "LinkChange",
            "Reconfiguration",
            "TableDifference",
            "UpdateTime",
            "changed_entries",
            "difference",
            "full_table",
            "link_change",
            "reconfiguration",
            "undirected_links",
            "update_time",
        ],
    },
)
