"""Chinese numerals as digits: 二十三, 一百零二, 二〇一, 壹, 廿."""

import re

_DIGITS = {
    c: n
    for n, cs in enumerate(("零〇", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆"))
    for c in cs
}
_DIGITS |= {"七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_ONE = "".join(_DIGITS)
_UNIT = "号栋幢座楼单元室层户弄组队期区门#"
# 百 and 千 are numerals only behind a digit: 百货, 百善, 千禧 are names.
_RUN = re.compile(rf"[{_ONE}十拾廿](?:[{_ONE}十拾百佰千仟])*")
_TWO = re.compile(rf"两(?=[{_UNIT}])")
_ORAL_ONE = re.compile(rf"(?<=[{_ONE}0-9])幺|幺(?=[{_ONE}0-9幺])")


def arabic(text: str) -> str:
    """Return a text with every Chinese numeral as digits, in names too.

    Both what is written and what there is go through here, so that 五一路 and 51路 are one name.

    Examples
    --------
    >>> arabic("三里桥十二号楼二单元五〇三"), arabic("一百零二号"), arabic("百货大楼两栋")
    ('3里桥12号楼2单元503', '102号', '百货大楼2栋')
    >>> arabic("五一路二十一号"), arabic("第一百中学"), arabic("幺零二室")
    ('51路21号', '第100中学', '102室')
    """
    oral = _ORAL_ONE.sub("一", _TWO.sub("二", text))
    return _RUN.sub(_value, oral)


def _value(match: re.Match[str]) -> str:
    run = match[0].replace("廿", "二十")
    if not any(character in _TENS for character in run):
        return "".join(str(_DIGITS[character]) for character in run)
    if re.fullmatch(rf"[{_ONE}]+", run[:-1]) and len(run) > 2:
        # 三三十: two numbers that stand side by side; the first digits are read one by one.
        return "".join(str(_DIGITS[c]) for c in run[:-2]) + str(_sum(run[-2:]))
    return str(_sum(run))


def _sum(run: str) -> int:
    total, digit = 0, None
    for character in run:
        if character in _TENS:
            total += (1 if digit is None else digit) * _TENS[character]
            digit = None
        else:
            digit = _DIGITS[character]
    return total + (digit or 0)
