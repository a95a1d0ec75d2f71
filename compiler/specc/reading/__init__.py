"""What a file contains, and where: strict readers for JSON and YAML 1.2. They know nothing of specs."""
