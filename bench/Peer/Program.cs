// DuckDB's share of a comparison, as a process of its own for bench/run: reads the same files with one GROUP BY and prints how many records and groups.
//   dotnet run -c Release --project bench/Peer -- cloudtrail|cloudtrail-whole|flow FOLDER [threads = 2]
using System.Globalization;
using DuckDB.NET.Data;

if (args.Length is not (2 or 3) || args[0] is not ("cloudtrail" or "cloudtrail-whole" or "flow"))
{
    Console.Error.WriteLine("cloudtrail|cloudtrail-whole|flow FOLDER [threads]");
    return 2;
}
var threads = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 2;
// cloudtrail names three fields, and all others are passed over unread; cloudtrail-whole is the query without that hint, which reads the whole record as a scan does.
var query = args[0] switch
{
    "cloudtrail" => """
        SELECT sum(n)::BIGINT, count(*) FROM (
            SELECT eventName, count(*) AS n
            FROM (SELECT unnest(Records).eventName AS eventName
                  FROM read_json($files, columns = {Records: 'STRUCT(eventName VARCHAR, eventTime VARCHAR, sourceIPAddress VARCHAR)[]'},
                                 maximum_object_size = 67108864, ignore_errors = true))
            GROUP BY eventName)
        """,
    "cloudtrail-whole" => """
        SELECT sum(n)::BIGINT, count(*) FROM (
            SELECT eventName, count(*) AS n
            FROM (SELECT unnest(Records).eventName AS eventName FROM read_json($files, maximum_object_size = 67108864, ignore_errors = true))
            GROUP BY eventName)
        """,
    _ => """
        SELECT sum(n)::BIGINT, count(*) FROM (
            SELECT srcaddr, dstaddr, dstport, count(*) AS n, sum(bytes) AS bytes, sum(packets) AS packets
            FROM read_csv($files, delim = ' ', header = true, nullstr = '-', ignore_errors = true, null_padding = false, columns = {
                version: 'TINYINT', account_id: 'VARCHAR', interface_id: 'VARCHAR', srcaddr: 'VARCHAR', dstaddr: 'VARCHAR',
                srcport: 'INTEGER', dstport: 'INTEGER', protocol: 'SMALLINT', packets: 'BIGINT', bytes: 'BIGINT',
                first: 'BIGINT', last: 'BIGINT', action: 'VARCHAR', log_status: 'VARCHAR'})
            GROUP BY srcaddr, dstaddr, dstport)
        """,
};

using var connection = new DuckDBConnection("DataSource=:memory:");
connection.Open();
using var command = connection.CreateCommand();
command.CommandText = $"SET threads = {threads.ToString(CultureInfo.InvariantCulture)}";
command.ExecuteNonQuery();
command.CommandText = query;
command.Parameters.Add(new DuckDBParameter("files", Path.Combine(args[1], "**", "*.gz")));
using var answer = command.ExecuteReader();
answer.Read();
Console.WriteLine($"{answer.GetInt64(0)} records in {answer.GetInt64(1)} groups");
return 0;
