"""Every refusal as a Persian sentence, by what was refused."""
