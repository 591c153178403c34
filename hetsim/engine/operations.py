"""The operations of a tape, by the names that casadi has for them."""

OPERATIONS = (
    *(
        "ADD",
        "SUB",
        "MUL",
        "DIV",
        "NEG",
        "ASSIGN",
        "SQ",
        "TWICE",
        "INV",
        "EXP",
        "LOG",
        "SQRT",
        "TANH",
        "SINH",
    ),
    *(
        "COSH",
        "ASINH",
        "FABS",
        "POW",
        "FMIN",
        "FMAX",
        "IF_ELSE_ZERO",
        "NOT",
        "LT",
        "LE",
        "EQ",
        "NE",
        "AND",
    ),
    *("OR", "SIGN", "SIN", "COS", "LOG1P", "EXPM1", "HYPOT", "COPYSIGN", "LESS_PRODUCT", "TIMES"),
    *("PLUS_PRODUCT", "HELD_EXP", "INV_ONE_PLUS", "LOGISTIC"),
    *("PRODUCT_LESS", "SUM_TIMES", "DIFFERENCE_TIMES", "PRODUCT_TIMES"),
)
"""In the order of the C file, where the end of a tape follows. For those from LESS_PRODUCT on casadi has no names:
c - a b, r a with the result r itself, c + a b, e^x with x held between -300 and 300, 1 / (1 + x), 1 / (1 + e^x) with x
held so, as laws.multi_site has it, a b - c, (a + b) c, (a - b) c and a b c."""

NUMBER = {name: place for place, name in enumerate(OPERATIONS)}
