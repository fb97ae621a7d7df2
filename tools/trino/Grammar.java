import io.trino.sql.parser.ParsingException;
import io.trino.sql.parser.SqlParser;

/** Reads statements from standard input, a line of `--` between them, and says of each what Trino's grammar says. Exits with 1 if it refuses one. */
public final class Grammar {
    public static void main(String[] arguments) throws Exception {
        String[] statements = new String(System.in.readAllBytes(), "UTF-8").split("\n--\n");
        boolean refused = false;
        for (String statement : statements) {
            try {
                new SqlParser().createStatement(statement);
                System.out.println("ok");
            }
            catch (ParsingException error) {
                refused = true;
                System.out.println("refused: " + error.getMessage());
            }
        }
        System.exit(refused ? 1 : 0);
    }
}
