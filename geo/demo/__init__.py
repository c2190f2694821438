"""The invented demo town inside the real outline of Xiangshan district."""
