"""What a tablet is and what it draws. May use the shop (`pos`); the shop never knows of it."""
