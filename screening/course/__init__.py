"""A course on invented cases: an officer judges and codes a vignette, then sees the first
difference from its key that matters, and why.
"""

from screening.course.agreement import Agreement, Tally, agreement
from screening.course.compare import Comparison, Difference, compare
from screening.course.course import Course, course_sets
from screening.course.feedback import Feedback, feedback
from screening.course.lesson import Lesson
from screening.course.record import TOLD, Attempt, CourseRecord, Told
from screening.course.report import put_together, read_report, report

__all__ = [
    "TOLD",
    "Agreement",
    "Attempt",
    "Comparison",
    "Course",
    "CourseRecord",
    "Difference",
    "Feedback",
    "Lesson",
    "Tally",
    "Told",
    "agreement",
    "compare",
    "course_sets",
    "feedback",
    "put_together",
    "read_report",
    "report",
]
