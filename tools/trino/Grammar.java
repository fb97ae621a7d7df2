import io.trino.sql.parser.ParsingException;
import io.trino.sql.parser.SqlParser;

/** Reads statements from standard input, each ended by a line of `--`, and exits with 1 at the first that Trino's grammar refuses. */
public final class Grammar {
    public static void main(String[] arguments) throws Exception {
        String[] statements = new String(System.in.readAllBytes(), "UTF-8").split("\n--\n");
        for (String statement : statements) {
            try {
                new SqlParser().createStatement(statement);
            }
            catch (ParsingException refused) {
                System.out.println(refused.getMessage() + "\n" + statement);
                System.exit(1);
            }
        }
        System.out.println(statements.length + " statements");
    }
}
