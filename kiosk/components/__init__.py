"""What Streamlit has no control for: one component a file, its HTML, CSS and JavaScript beside it.

Each lives in a shadow root; the tokens of `theme` reach it as custom properties. Its JavaScript is called again on
every rerun, so it keeps its state on its own elements and puts handlers in place instead of adding them.
"""
