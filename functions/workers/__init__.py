"""What works off messages and records: each bears being given twice what it has done."""
