"""Tables: what offices keep in Excel, Word and CSV, read as a plan, sent out to sections, and taken back."""
