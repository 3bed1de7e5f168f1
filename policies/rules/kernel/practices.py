"""The best practices of the AWS Well-Architected Framework that rules refer to.

https://docs.aws.amazon.com/wellarchitected/latest/framework/appendix.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PRACTICES: Final[Mapping[str, str]] = {
    "COST03-BP02": "Add organization information to cost and usage",
    "COST04-BP05": "Enforce data retention policies",
    "COST06-BP02": "Select resource type, size, and number based on data",
    "REL02-BP01": "Use highly available network connectivity for your workload public endpoints",
    "REL02-BP02": "Provision redundant connectivity between private networks in the cloud and on-premises environments",
    "REL04-BP02": "Implement loosely coupled dependencies",
    "REL05-BP01": "Implement graceful degradation to transform applicable hard dependencies into soft dependencies",
    "REL05-BP02": "Throttle requests",
    "REL05-BP03": "Control and limit retry calls",
    "REL05-BP07": "Implement emergency levers",
    "REL06-BP03": "Send notifications (Real-time processing and alarming)",
    "REL08-BP04": "Deploy using immutable infrastructure",
    "REL08-BP05": "Deploy changes with automation",
    "REL09-BP01": "Identify and back up all data that needs to be backed up",
    "REL09-BP02": "Secure and encrypt backups",
    "REL09-BP03": "Perform data backup automatically",
    "REL10-BP01": "Deploy the workload to multiple locations",
    "REL11-BP01": "Monitor all components of the workload to detect failures",
    "REL11-BP02": "Fail over to healthy resources",
    "REL11-BP03": "Automate healing on all layers",
    "REL11-BP04": "Rely on the data plane and not the control plane during recovery",
    "REL11-BP05": "Use static stability to prevent bimodal behavior",
    "REL12-BP04": "Test resiliency using chaos engineering",
    "REL13-BP01": "Define recovery objectives for downtime and data loss",
    "REL13-BP02": "Use defined recovery strategies to meet the recovery objectives",
    "SEC02-BP01": "Use strong sign-in mechanisms",
    "SEC02-BP02": "Use temporary credentials",
    "SEC02-BP03": "Store and use secrets securely",
    "SEC02-BP04": "Rely on a centralized identity provider",
    "SEC02-BP05": "Audit and rotate credentials periodically",
    "SEC03-BP01": "Define access requirements",
    "SEC03-BP02": "Grant least privilege access",
    "SEC03-BP07": "Analyze public and cross-account access",
    "SEC04-BP01": "Configure service and application logging",
    "SEC05-BP01": "Create network layers",
    "SEC05-BP02": "Control traffic flow within your network layers",
    "SEC05-BP03": "Implement inspection-based protection",
    "SEC06-BP01": "Perform vulnerability management",
    "SEC06-BP02": "Provision compute from hardened images",
    "SEC07-BP02": "Apply data protection controls based on data sensitivity",
    "SEC08-BP01": "Implement secure key management",
    "SEC08-BP02": "Enforce encryption at rest",
    "SEC09-BP02": "Enforce encryption in transit",
}
"""Title by number."""
