"""What is cut into a piece: letters as outlines, the ground they stand on, and the proof a shopper says yes to."""
