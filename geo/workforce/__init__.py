"""Those who answer: workers, posts, assignments with validity."""
