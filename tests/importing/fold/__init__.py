"""What repeats becomes blocks."""
