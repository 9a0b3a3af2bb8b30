CREATE TABLE [dbo].[Orders](
	[OrderID] [int] IDENTITY(1,1) NOT NULL,
	[Ship Name] [nvarchar](40) NULL
) ON [PRIMARY]
GO
CREATE OR ALTER PROCEDURE dbo.GetOrders @id int, @name varchar(10) = 'x'
AS
SELECT * FROM [Orders]; SELECT 2;
CREATE TABLE #temporary (a int);
GO
ALTER VIEW dbo.Late AS SELECT 1
GO
CREATE OR REPLACE PACKAGE staff AS
   -- Takes somebody on.
   FUNCTION hire (last_name VARCHAR2) RETURN NUMBER;
   PROCEDURE fire(id NUMBER);
END staff;
/
CREATE TRIGGER lite AFTER INSERT ON t BEGIN
  INSERT INTO log VALUES (CASE WHEN 1 THEN 2 END);
  CREATE TABLE inside (a int);
END;
/
CREATE TABLE broken (a int, b text DEFAULT 'never closed
