"""Warehouses: Redshift clusters over two zones of three, and the snapshots that outlive their region."""

from components.warehouse.args import Copied, WarehouseArgs
from components.warehouse.cluster import Warehouse
from components.warehouse.grant import CopyGrant, CopyGrantArgs

__all__ = ["Copied", "CopyGrant", "CopyGrantArgs", "Warehouse", "WarehouseArgs"]
