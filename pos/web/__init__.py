"""What the world reaches over HTTP besides the screens: webhook, certificates, enrolment, health."""
