"""The mayor's pages on a tablet: agenda/ (the Monday), meeting/ (one visitor and her order), order/ (one order); table.py has their frame."""
