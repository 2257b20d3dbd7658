"""A process that takes turns until it is killed, one line of output for each."""

from app import create_app
from app.consultants import service


def main() -> None:
    app = create_app()
    with app.app_context():
        while True:
            print(service.take_turn("pt-BR", by="morre").protocol.number, flush=True)


if __name__ == "__main__":
    main()
