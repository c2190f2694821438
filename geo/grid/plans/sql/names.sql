-- What those who work on plans are called.
SELECT login, name FROM account WHERE login = ANY(:logins)
