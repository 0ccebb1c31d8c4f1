"""Templates that play the suite every night: for cron, systemd, GitHub Actions and GitLab."""
