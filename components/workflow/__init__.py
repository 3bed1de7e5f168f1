"""Workflows: the steps of an order, what undoes them, and what takes orders up again."""

from components.workflow.arguments import WorkflowArgs
from components.workflow.orders import Workflow
from components.workflow.steps import Approval, Queue, Step

__all__ = ["Approval", "Queue", "Step", "Workflow", "WorkflowArgs"]
