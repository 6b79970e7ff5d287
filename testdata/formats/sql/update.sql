UPDATE [dbo].[emp] SET [name] = N'水原 健', [nenkin_no] = '0512-340017' WHERE [id] = 0;
GO
UPDATE [dbo].[emp] SET [name] = N'大久保 ユミ', [nenkin_no] = '3457-120934' WHERE [id] = 1;
GO
UPDATE [dbo].[emp] SET [name] = N'平山 実', [nenkin_no] = '7723-608851' WHERE [id] = 2;
GO
UPDATE [dbo].[emp] SET [name] = N'小林 "キヨ"', [nenkin_no] = '7291-055420' WHERE [id] = 3;
GO
