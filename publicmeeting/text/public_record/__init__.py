"""Persian sentences about public record."""
