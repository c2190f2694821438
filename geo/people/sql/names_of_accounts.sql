-- What the accounts with some logins are called.
SELECT login, name FROM account WHERE login = ANY(:logins)
