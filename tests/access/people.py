"""Invented people whose masked forms are told apart: a surname, phone and ID number for each."""

from dataclasses import dataclass

# Two hundred surnames, none twice: 王** names one person of these tests.
SURNAMES = (
    "赵钱孙李周吴郑岳冯陈褚麦蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
    "云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常"
    "乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍"
)
# In nobody else's name, phone or ID number: what is searched for where all else is bytes.
GIVEN, OFFICIAL = "鹮翯", "鸾翮"
PHONE, DUTY_PHONE = "1387700", "1399900"
_AREA, _BORN = "110101", "19800101"
MARKS = (GIVEN, PHONE, _AREA + _BORN)
# Weights of the digits and the check characters (GB 11643-1999, after ISO 7064 MOD 11-2).
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented."""

    name: str
    phone: str
    id_number: str
    duty_phone: str

    @property
    def masked_name(self) -> str:
        """The surname alone."""
        return self.name[0] + "**"

    @property
    def masked_phone(self) -> str:
        """The first three and the last four digits."""
        return f"{self.phone[:3]}****{self.phone[-4:]}"

    @property
    def masked_id_number(self) -> str:
        """The first three and the last four characters."""
        return f"{self.id_number[:3]}{'*' * 11}{self.id_number[-4:]}"


def person(number: int, given: str = GIVEN) -> Person:
    """Return the n-th person, always the same; whose name is public bears another given name."""
    digits = f"{_AREA}{_BORN}{number + 1:03d}"
    check = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11
    return Person(
        name=SURNAMES[number] + given,
        phone=f"{PHONE}{number + 1000:04d}",
        id_number=digits + _CHECKS[check],
        duty_phone=f"{DUTY_PHONE}{number + 1000:04d}",
    )
