"""The outside world on loopback: vendors over real HTTP, a phone to type on, faults on request.

It is a program of its own (`python -m sandbox`), it imports nothing from the product, and it never
leaves the machine. The vendors speak as theirs do; the sandbox's own interface is for the demo and
for the tests:

- `GET /` and `GET /phone/<number>`: the pages with the telephones
- `POST|GET /phone/<number>/messages`, `POST /phone/<number>/company-messages`
- `POST|GET|DELETE /faults`, `POST|GET /settings`, `POST /reset`, `GET /healthz`
- of each vendor, under its name: for Z-API `GET /zapi/outbox`, `GET /zapi/deliveries`,
  `GET /zapi/instances`, `POST /zapi/instances/<id>/connection`
"""
