"""What is wrong, as data, and its forms: a problem is found, gets its place as a diagnostic, and is rendered."""

from specc.diagnostics.diagnostic import CompileError, Diagnostic, Related, Severity
from specc.diagnostics.report import MOST_DIAGNOSTICS, Report

__all__ = ["MOST_DIAGNOSTICS", "CompileError", "Diagnostic", "Related", "Report", "Severity"]
