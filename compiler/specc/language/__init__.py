"""What is known of the language itself, for editors and readers: its JSON Schema, and what each type takes."""
