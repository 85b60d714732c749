"""How long CDK's words for it keep log lines."""

from aws_cdk.aws_logs import RetentionDays

_DAYS = {
    RetentionDays.ONE_DAY: 1,
    RetentionDays.THREE_DAYS: 3,
    RetentionDays.FIVE_DAYS: 5,
    RetentionDays.ONE_WEEK: 7,
    RetentionDays.TWO_WEEKS: 14,
    RetentionDays.ONE_MONTH: 30,
    RetentionDays.TWO_MONTHS: 60,
    RetentionDays.THREE_MONTHS: 90,
    RetentionDays.FOUR_MONTHS: 120,
    RetentionDays.FIVE_MONTHS: 150,
    RetentionDays.SIX_MONTHS: 180,
    RetentionDays.ONE_YEAR: 365,
    RetentionDays.THIRTEEN_MONTHS: 400,
    RetentionDays.EIGHTEEN_MONTHS: 545,
    RetentionDays.TWO_YEARS: 731,
    RetentionDays.THREE_YEARS: 1096,
    RetentionDays.FIVE_YEARS: 1827,
    RetentionDays.SIX_YEARS: 2192,
    RetentionDays.SEVEN_YEARS: 2557,
    RetentionDays.EIGHT_YEARS: 2922,
    RetentionDays.NINE_YEARS: 3288,
    RetentionDays.TEN_YEARS: 3653,
    RetentionDays.INFINITE: None,
}


def days_of(retention: RetentionDays) -> int | None:
    """The days as CloudFormation wants them; none for ever."""
    return _DAYS[retention]
