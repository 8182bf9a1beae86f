def make_textbooks(a,b): return {}
