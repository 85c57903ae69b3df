"""OKRs as a table: out as CSV or XLSX without loss, and in from it or from what other tools export."""
