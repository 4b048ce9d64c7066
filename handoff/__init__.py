"""People helping people: cases, their queue and what is said in them."""
