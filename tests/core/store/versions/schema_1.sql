PRAGMA application_id = 1415930184;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE conversation (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  leaf_id TEXT REFERENCES message (id) ON DELETE SET NULL,
  title TEXT NOT NULL DEFAULT '',
  folder TEXT NOT NULL DEFAULT '',
  system_prompt TEXT NOT NULL DEFAULT '',
  model TEXT NOT NULL DEFAULT '',
  settings TEXT NOT NULL DEFAULT '{}',
  draft TEXT NOT NULL DEFAULT '',
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  trashed_ms INTEGER
) STRICT;
INSERT INTO "conversation" VALUES(1,'01a2013c-7f69-7506-9455-325435178ab6','01a2013c-7f6e-79c2-8c29-f4e0c7fda015','question 0 0 问题 😀 ''quoted''','','','starter','{"a": 0}','',1795317071721,1795317071728,NULL);
INSERT INTO "conversation" VALUES(2,'01a2013c-7f71-72fd-8ab0-91976e2a7ec7','01a2013c-7f80-7dde-a9f9-845c0ab84b8b','茶 and water','work','Be brief.','starter','{"a": 1}','half',1795317071729,1795317071746,NULL);
INSERT INTO "conversation" VALUES(3,'01a2013c-7f82-7633-8a95-c65c897f0e4f','01a2013c-7f8a-72ec-80ca-ce432d5796fb','O''Brien; DROP','','','starter','{"a": 2}','halfhalf',1795317071746,1795317071759,4102444800000);
INSERT INTO "conversation" VALUES(4,'01a2013c-7f8d-7b47-9105-a314b0164172','01a2013c-7f9a-7d15-a84a-f5e0e5c797e5','line','work','Be brief.','starter','{"a": 3}','',1795317071757,1795317071771,NULL);
INSERT INTO "conversation" VALUES(5,'01a2013c-7f9c-73bd-a290-e99a20e03449','01a2013c-7fa1-762b-b576-f727ace42637','question 4 0 问题 😀 ''quoted''','','','starter','{"a": 4}','half',1795317071772,1795317071782,NULL);
INSERT INTO "conversation" VALUES(6,'01a2013c-7fa3-78ae-8363-3aeec170658e','01a2013c-7faf-7d02-b9a7-f86772fa02f1','茶 and water','work','Be brief.','starter','{"a": 5}','halfhalf',1795317071779,1795317071794,NULL);
CREATE TABLE generation (
  number INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL UNIQUE REFERENCES message (id) ON DELETE CASCADE,
  model TEXT NOT NULL,
  model_hash TEXT NOT NULL,
  ids BLOB NOT NULL,
  prompt_base_id TEXT REFERENCES generation (message_id),
  prompt_shared INTEGER NOT NULL DEFAULT 0,
  prompt_rest BLOB NOT NULL,
  adapters TEXT NOT NULL,
  sampling TEXT NOT NULL,
  seed INTEGER NOT NULL,
  usage TEXT NOT NULL,
  timings TEXT NOT NULL,
  finish_reason TEXT NOT NULL,
  engine TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;
INSERT INTO "generation" VALUES(1,'01a2013c-7f6a-7036-8d10-a5564017a9d8','starter','abababababababababababababababababababababababababababababababab',X'789C015000AFFF749500004B2201005F070100CA7D010024CE0100FE3600009C100000B4E9010093FD0000A6BE01003B010000F8040100C7A601000A860000DE2902002E100200EC110000E80E00003B3D010048260200114011E9',NULL,0,X'789C030000000001','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071724);
INSERT INTO "generation" VALUES(2,'01a2013c-7f6e-79c2-8c29-f4e0c7fda015','starter','abababababababababababababababababababababababababababababababab',X'789C015000AFFF3C920100CC3702004DA90100283501007BBF01004B260200F04301008FCA0000978C0100DEBD0100F42D0200DF1E0200DAF30000E0180200581C0200983A0000C270010001A80100AAAD00006FB3010040CF14AD',NULL,0,X'789C0DC3011240201000C053440AC5FFFF6A776623221693D9D5CDE2EE61F5B4D9BDBC7D1C4E5F3F7F151800BF','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071728);
INSERT INTO "generation" VALUES(3,'01a2013c-7f72-750e-be70-98e75189a2a9','starter','abababababababababababababababababababababababababababababababab',X'789CABD56464F0176562B0CD6760A85FC6C09068C5C43043859121509D89A1FA1903C3CFCF8C0C49928C0CC73733323C7E0354D3CAC820739D81C192958961FA3146869E0D8C0CAB8C18185EB73032D8DA33300000F3E31362',NULL,0,X'789C0DC3890D00200C04A0D3FA75FF85858424194ECBE5F6787DB61F02BC002E','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071733);
INSERT INTO "generation" VALUES(4,'01a2013c-7f76-7202-954c-3f08517fe155','starter','abababababababababababababababababababababababababababababababab',X'789CB3316464C879C6C0F04E8E9121449081A15A928141790E2383980313C3C4684686F940B90BC90C0CEE6A8C0CF9F64C0C55871919F46C1819847F30327075303070EA02D5EA3131F4063132B0F232320000890B0E59','01a2013c-7f72-750e-be70-98e75189a2a9',10,X'789C0DC3C70D80301000B07B43022994D0F65F135BF21411B3C9ECE26AB1DAEC6EEE1E9E0E2F6F1F5F3F7F35E80187','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071736);
INSERT INTO "generation" VALUES(5,'01a2013c-7f79-7a6a-9627-f74ca81c981c','starter','abababababababababababababababababababababababababababababababab',X'789C736A6264389BC2C890B49A91E1E2030606B96F8C0C31FA4C0C0F549918BC741819767B3330341E676448AB6060A8D46162782AC9C8B0ED2A03C30D17468604752606AB4F0C0C93EE30325C06D26F1918180050291528','01a2013c-7f76-7202-954c-3f08517fe155',30,X'789C0DC3871180201000B09F444129166CFB2F67729729226693D9C5D562B5D9DDDC3D3C1D5EDE3EBE7EFE77880317','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071738);
INSERT INTO "generation" VALUES(6,'01a2013c-7f7b-71fe-8020-653eae6affa1','starter','abababababababababababababababababababababababababababababababab',X'789C2BE2616448116060E8686360B89ACEC0501AC6C850FF8391E1EA6546061E204EBCC7C8306D2A0383E95B4686F42E4686A3060C0CC7391918DA39181876ED6264B09CC4C0A0EEC0C02091C7C870FE24030300310213A5','01a2013c-7f79-7a6a-9627-f74ca81c981c',50,X'789C0DC3871180201000B09F494129166CFBAF64729729226693D9C5D562B5D9DDDC3D3C1D5EDE3EBE7EFEB92804A7','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071741);
INSERT INTO "generation" VALUES(7,'01a2013c-7f7e-77b6-bc3d-be7dcb2003db','starter','abababababababababababababababababababababababababababababababab',X'789C53486260E89ACAC070529789E1500323C3B96A4686DE350C0C1B673332BC52626478E1C4C070611B0383EE490686B64B8C0CD9D319189AA630305C5ACDC8E06703D463CAC4F0E60F03C35C6B2606BE1606060099C81628','01a2013c-7f7b-71fe-8020-653eae6affa1',70,X'789C0DC3871180201000B09F4E4129166CFB2F62729729226693D9C5D562B5D9DDDC3D3C1D5EDE3EBE7EFEFAC80637','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071743);
INSERT INTO "generation" VALUES(8,'01a2013c-7f84-7252-be6b-90cc5df30b53','starter','abababababababababababababababababababababababababababababababab',X'789CDB24C2C0906FC4C4A0C4CAC8B04A8391E1FF4F068625CF19198A6C9818A6173232384E6764D0E26064F861C4C8F0579081A1B89B9161F7354686B94D8C0C27806A253730322CF16460F0AE61603823CDC00000126513BE',NULL,0,X'789C0DC3011240201000C053440AC5FFFF6A776623221693D9D5CDE2EE61F5B4D9BDBC7D1C4E5F3F7F151800BF','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071749);
INSERT INTO "generation" VALUES(9,'01a2013c-7f86-7b4c-ac45-1bb5b77d0873','starter','abababababababababababababababababababababababababababababababab',X'789C015000AFFF09F70100DAB500005D260200D8B30100D9F30000DD930000F8040000DF0202003716000020E00100CA330200264E01007F64000077FC0100923A0200839C01002B2A010077DD000047CB0000907800007DF71488','01a2013c-7f84-7252-be6b-90cc5df30b53',20,X'789C0DC3871180201000B01F424129166CFB6F68729729226693D9C5D562B5D9DDDC3D3C1D5EDE3EBE7EFE56B8024F','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071751);
INSERT INTO "generation" VALUES(10,'01a2013c-7f88-7f02-aa5d-1b30d5dc28a2','starter','abababababababababababababababababababababababababababababababab',X'789C015000AFFF875A01007C200100952502008DE4000060270100140A0000AB660100BCEB0000DAA40000F85B000076F6010046DB0100154A01002F4F000082FB00002C9C00007C38000035DE0000DF400100CE170200138B135D','01a2013c-7f86-7b4c-ac45-1bb5b77d0873',40,X'789C0DC3871180201000B01F474129166CFBEF65729729226693D9C5D562B5D9DDDC3D3C1D5EDE3EBE7EFE985803DF','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071753);
INSERT INTO "generation" VALUES(11,'01a2013c-7f8a-72ec-80ca-ce432d5796fb','starter','abababababababababababababababababababababababababababababababab',X'789C05C1210E40600086E1F7136C4EA0D18C1BD83441134C9414C5494CA6492267B0F96D26D9DC44143DCFB70B3B165900AB0B6F0E630D55229C0916036D288601FA13B614EE0EFCC8C25CC29A45E389A714C5217EF7E412A7','01a2013c-7f88-7f02-aa5d-1b30d5dc28a2',60,X'789C0DC3871180201000B01F4C4129166CFB6F63729729226693D9C5D562B5D9DDDC3D3C1D5EDE3EBE7EFED9F8056F','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071756);
INSERT INTO "generation" VALUES(12,'01a2013c-7f8e-7fa3-8464-76d83ecb482d','starter','abababababababababababababababababababababababababababababababab',X'789CB37DC7C070EA1E03C359172686E0300606074F060663670606FD08468635724C0C2F751818729D1819E67933327CD16562387B958141672D0383802523C36F270686425E2606797B068673520C0C1E407100F6741172',NULL,0,X'789C0DC3850DC0300000A0CEDDDDFE7F739010420891B189A999B985A595B58DAD9DBD83A393B38BAB9BBB87A797B78FAF9F3F46B401B4','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071764);
INSERT INTO "generation" VALUES(13,'01a2013c-7f96-7e27-8527-ec2e374ce1d7','starter','abababababababababababababababababababababababababababababababab',X'789CDB61CAC050E8CCC0309D8D89A1589C8121B38781E1BF1313C3866F0C0C5B81E2C2490C0CA5BD0C0C1F36333238DA30302C136562587A9781A1D9828961BF081383FB1A0686EA290C0CF5E28C0CABAD181800FF711288','01a2013c-7f8e-7fa3-8464-76d83ecb482d',30,X'789C0DC3871180201000B09F444129166CFB2F67729729226693D9C5D562B5D9DDDC3D3C1D5EDE3EBE7EFE77880317','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071768);
INSERT INTO "generation" VALUES(14,'01a2013c-7f98-77dc-a259-3897d896be4e','starter','abababababababababababababababababababababababababababababababab',X'789C3317676050676360D86DCFC4A0B39681A1379691610A3B23C384ED0C0C4F5418180CC49918EC2D98186C81D8C1918141AC8E81E17F262383811D13838C1D2383CD644686D3CD8C0CE7A6333044D83232000039AB0EC3','01a2013c-7f96-7e27-8527-ec2e374ce1d7',50,X'789C0DC3871180201000B09F494129166CFBAF64729729226693D9C5D562B5D9DDDC3D3C1D5EDE3EBE7EFEB92804A7','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071769);
INSERT INTO "generation" VALUES(15,'01a2013c-7f9d-71ac-87ae-ad7f24aa720e','starter','abababababababababababababababababababababababababababababababab',X'789C015000AFFF5D900000AD2F000086A400003240020071060100097E01000779010036270200CBE40000C1B30000BEBF000096B900005EF00100890B02006DB10000E6C30000E13E01003F530100325D01009C8F0000F5B61351',NULL,0,X'789C0DC30B1281500000C02729FAA85042224AF7BFA1DD990D21848D915B637726A6EE3D98995B587AB4B2B6F1E4D98BAD9D577B6FDE7D38F874F4E5DBC98F5F67177FAEFE01A730030D','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071773);
INSERT INTO "generation" VALUES(16,'01a2013c-7f9e-7896-a2ee-6fa22eaca741','starter','abababababababababababababababababababababababababababababababab',X'789C9B7E939121EB350383E05C0686D03F8C0CF6AB191966F330309C67656078B89D91A1EC1203C356214686E4EF8C0C2AD640F6714606BB030C0C695A8C0CA75B1919CC32191816853330BC0B626050FFCDC8000076CC14E8','01a2013c-7f9d-71ac-87ae-ad7f24aa720e',40,X'789C0DC3871180201000B01F474129166CFBEF65729729226693D9C5D562B5D9DDDC3D3C1D5EDE3EBE7EFE985803DF','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071776);
INSERT INTO "generation" VALUES(17,'01a2013c-7fa1-762b-b576-f727ace42637','starter','abababababababababababababababababababababababababababababababab',X'789C9B6FC7C090A8CBC8B05E8A89E1FB6A0686F5DC4C0C2CC10C0C35A24C0CB38518188C763230A80B3231305D6764E814068ABD616430DFCAC8C03F859121398381A1FE2F03434B0C03C3F5458C0C6EED8C0C009FD81152','01a2013c-7f9e-7896-a2ee-6fa22eaca741',60,X'789C0DC3871180201000B01F4C4129166CFB6F63729729226693D9C5D562B5D9DDDC3D3C1D5EDE3EBE7EFED9F8056F','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071778);
INSERT INTO "generation" VALUES(18,'01a2013c-7fa4-71a1-9343-19c990cdce07','starter','abababababababababababababababababababababababababababababababab',X'789C5BDECFC8B087959181F70F03C39C490C0CA58C8C0C2ED68C0CB16C0C0CCCAF1819EA53181816CB30326CB8C0C850AEC4C4C067C3C420C2CDC0E03D9591E1513023C3F1684606B540060629072606C7450C0C00A6010F93',NULL,0,X'789C0DC3891281500000C0E7CE4D12398A9CB9FBFF9FB33BB32184D0B069CBB61DBBF68CEC3B70E8C8B113A7CE9C1BBB307169EACAB5991BB7EEDC9B5B78F068E9C9B317AFDEBC5BF9F0E9CBB71FBFFEACFD03463B04CA','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071781);
INSERT INTO "generation" VALUES(19,'01a2013c-7fa6-7396-954a-1c03b615d99a','starter','abababababababababababababababababababababababababababababababab',X'789C015000AFFFE26400004B340000C31C01000C680000E2B90000430B0200511B0200FC2002007A7601004384000063B700008292010078300200AEA101006EC500002D660100B1AA0100DB7E0100BD39020098800000E3F512FF','01a2013c-7fa4-71a1-9343-19c990cdce07',50,X'789C0DC3871180201000B09F494129166CFBAF64729729226693D9C5D562B5D9DDDC3D3C1D5EDE3EBE7EFEB92804A7','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071783);
INSERT INTO "generation" VALUES(20,'01a2013c-7fa8-73e8-8f3e-0a613f34c5d3','starter','abababababababababababababababababababababababababababababababab',X'789CD3DFCFC82059C5C8C07E8381E184362343C405468682720606F6F50C0C6D403CDF9991E1440203C3F3598C0C21028C0C270D1918CC3C1818949319195474191998EF3230B8453330F0FC626038AACEC40000DD68110A','01a2013c-7fa6-7396-954a-1c03b615d99a',70,X'789C0DC3871180201000B09F4E4129166CFB2F62729729226693D9C5D562B5D9DDDC3D3C1D5EDE3EBE7EFEFAC80637','[["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", 0.5]]','{"top_k": 40}',7,'{"prompt_tokens": 1, "cached_tokens": 2, "completion_tokens": 3}','{"load_s": 1, "first_token_s": 2, "prompt_tps": 3, "decode_tps": 4, "reasoning_s": 0.0}','stop','{"threads": 2}',1795317071786);
CREATE TABLE message (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  -- No cascade: it would nest once for each message of a long path, and SQLite stops at 1000.
  parent_id TEXT REFERENCES message (id),
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  is_pinned INTEGER NOT NULL DEFAULT 0,
  thumb INTEGER,
  writer_id TEXT
) STRICT;
INSERT INTO "message" VALUES(1,'01a2013c-7f69-78d5-9547-506e5c7c5abe','01a2013c-7f69-7506-9455-325435178ab6',NULL,'user','complete',1795317071721,0,NULL,NULL);
INSERT INTO "message" VALUES(2,'01a2013c-7f6a-7036-8d10-a5564017a9d8','01a2013c-7f69-7506-9455-325435178ab6','01a2013c-7f69-78d5-9547-506e5c7c5abe','assistant','complete',1795317071722,0,1,NULL);
INSERT INTO "message" VALUES(3,'01a2013c-7f6d-75c0-b8b8-6512d928c35a','01a2013c-7f69-7506-9455-325435178ab6','01a2013c-7f6a-7036-8d10-a5564017a9d8','user','complete',1795317071725,0,NULL,NULL);
INSERT INTO "message" VALUES(4,'01a2013c-7f6e-79c2-8c29-f4e0c7fda015','01a2013c-7f69-7506-9455-325435178ab6','01a2013c-7f6d-75c0-b8b8-6512d928c35a','assistant','stopped',1795317071726,0,NULL,NULL);
INSERT INTO "message" VALUES(5,'01a2013c-7f72-754e-b3b3-a2dfdc6462ac','01a2013c-7f71-72fd-8ab0-91976e2a7ec7',NULL,'user','complete',1795317071730,0,NULL,NULL);
INSERT INTO "message" VALUES(6,'01a2013c-7f72-750e-be70-98e75189a2a9','01a2013c-7f71-72fd-8ab0-91976e2a7ec7','01a2013c-7f72-754e-b3b3-a2dfdc6462ac','assistant','complete',1795317071730,0,NULL,NULL);
INSERT INTO "message" VALUES(7,'01a2013c-7f75-7e57-9cd5-e249a9f3ca0f','01a2013c-7f71-72fd-8ab0-91976e2a7ec7','01a2013c-7f72-750e-be70-98e75189a2a9','user','complete',1795317071733,0,NULL,NULL);
INSERT INTO "message" VALUES(8,'01a2013c-7f76-7202-954c-3f08517fe155','01a2013c-7f71-72fd-8ab0-91976e2a7ec7','01a2013c-7f75-7e57-9cd5-e249a9f3ca0f','assistant','stopped',1795317071734,0,NULL,NULL);
INSERT INTO "message" VALUES(9,'01a2013c-7f78-7fe1-adf3-1d8079528776','01a2013c-7f71-72fd-8ab0-91976e2a7ec7','01a2013c-7f76-7202-954c-3f08517fe155','user','complete',1795317071736,0,NULL,NULL);
INSERT INTO "message" VALUES(10,'01a2013c-7f79-7a6a-9627-f74ca81c981c','01a2013c-7f71-72fd-8ab0-91976e2a7ec7','01a2013c-7f78-7fe1-adf3-1d8079528776','assistant','failed',1795317071737,0,NULL,NULL);
INSERT INTO "message" VALUES(11,'01a2013c-7f7b-738c-9074-945f603e4486','01a2013c-7f71-72fd-8ab0-91976e2a7ec7','01a2013c-7f79-7a6a-9627-f74ca81c981c','user','complete',1795317071739,0,NULL,NULL);
INSERT INTO "message" VALUES(12,'01a2013c-7f7b-71fe-8020-653eae6affa1','01a2013c-7f71-72fd-8ab0-91976e2a7ec7','01a2013c-7f7b-738c-9074-945f603e4486','assistant','complete',1795317071739,0,NULL,NULL);
INSERT INTO "message" VALUES(13,'01a2013c-7f7d-70f9-9ae6-1409e1e0fd26','01a2013c-7f71-72fd-8ab0-91976e2a7ec7','01a2013c-7f7b-71fe-8020-653eae6affa1','user','complete',1795317071741,0,NULL,NULL);
INSERT INTO "message" VALUES(14,'01a2013c-7f7e-77b6-bc3d-be7dcb2003db','01a2013c-7f71-72fd-8ab0-91976e2a7ec7','01a2013c-7f7d-70f9-9ae6-1409e1e0fd26','assistant','stopped',1795317071742,1,NULL,NULL);
INSERT INTO "message" VALUES(15,'01a2013c-7f80-7dde-a9f9-845c0ab84b8b','01a2013c-7f71-72fd-8ab0-91976e2a7ec7','01a2013c-7f7b-71fe-8020-653eae6affa1','user','complete',1795317071744,0,NULL,NULL);
INSERT INTO "message" VALUES(16,'01a2013c-7f83-770b-b40e-deac5b99ecea','01a2013c-7f82-7633-8a95-c65c897f0e4f',NULL,'user','complete',1795317071747,0,NULL,NULL);
INSERT INTO "message" VALUES(17,'01a2013c-7f84-7252-be6b-90cc5df30b53','01a2013c-7f82-7633-8a95-c65c897f0e4f','01a2013c-7f83-770b-b40e-deac5b99ecea','assistant','complete',1795317071748,0,NULL,NULL);
INSERT INTO "message" VALUES(18,'01a2013c-7f85-7f97-8d64-b3d5570d8540','01a2013c-7f82-7633-8a95-c65c897f0e4f','01a2013c-7f84-7252-be6b-90cc5df30b53','user','complete',1795317071749,0,NULL,NULL);
INSERT INTO "message" VALUES(19,'01a2013c-7f86-7b4c-ac45-1bb5b77d0873','01a2013c-7f82-7633-8a95-c65c897f0e4f','01a2013c-7f85-7f97-8d64-b3d5570d8540','assistant','stopped',1795317071750,0,NULL,NULL);
INSERT INTO "message" VALUES(20,'01a2013c-7f87-7ea5-90ae-dd79708ebdfd','01a2013c-7f82-7633-8a95-c65c897f0e4f','01a2013c-7f86-7b4c-ac45-1bb5b77d0873','user','complete',1795317071751,0,NULL,NULL);
INSERT INTO "message" VALUES(21,'01a2013c-7f88-7f02-aa5d-1b30d5dc28a2','01a2013c-7f82-7633-8a95-c65c897f0e4f','01a2013c-7f87-7ea5-90ae-dd79708ebdfd','assistant','failed',1795317071752,0,NULL,NULL);
INSERT INTO "message" VALUES(22,'01a2013c-7f8a-7bf8-aa7e-3804b204f4da','01a2013c-7f82-7633-8a95-c65c897f0e4f','01a2013c-7f88-7f02-aa5d-1b30d5dc28a2','user','complete',1795317071754,0,NULL,NULL);
INSERT INTO "message" VALUES(23,'01a2013c-7f8a-72ec-80ca-ce432d5796fb','01a2013c-7f82-7633-8a95-c65c897f0e4f','01a2013c-7f8a-7bf8-aa7e-3804b204f4da','assistant','complete',1795317071754,0,NULL,NULL);
INSERT INTO "message" VALUES(24,'01a2013c-7f8d-74be-bb95-6d7328a82e8b','01a2013c-7f8d-7b47-9105-a314b0164172',NULL,'user','complete',1795317071757,0,NULL,NULL);
INSERT INTO "message" VALUES(25,'01a2013c-7f8e-7fa3-8464-76d83ecb482d','01a2013c-7f8d-7b47-9105-a314b0164172','01a2013c-7f8d-74be-bb95-6d7328a82e8b','assistant','complete',1795317071758,0,NULL,NULL);
INSERT INTO "message" VALUES(26,'01a2013c-7f95-78b4-a9b1-3512bdb5c6ee','01a2013c-7f8d-7b47-9105-a314b0164172','01a2013c-7f8e-7fa3-8464-76d83ecb482d','user','complete',1795317071765,0,NULL,NULL);
INSERT INTO "message" VALUES(27,'01a2013c-7f96-7e27-8527-ec2e374ce1d7','01a2013c-7f8d-7b47-9105-a314b0164172','01a2013c-7f95-78b4-a9b1-3512bdb5c6ee','assistant','stopped',1795317071766,0,NULL,NULL);
INSERT INTO "message" VALUES(28,'01a2013c-7f98-73e3-89b4-cdd5a7e6273e','01a2013c-7f8d-7b47-9105-a314b0164172','01a2013c-7f96-7e27-8527-ec2e374ce1d7','user','complete',1795317071768,0,NULL,NULL);
INSERT INTO "message" VALUES(29,'01a2013c-7f98-77dc-a259-3897d896be4e','01a2013c-7f8d-7b47-9105-a314b0164172','01a2013c-7f98-73e3-89b4-cdd5a7e6273e','assistant','failed',1795317071768,1,NULL,NULL);
INSERT INTO "message" VALUES(30,'01a2013c-7f9a-7d15-a84a-f5e0e5c797e5','01a2013c-7f8d-7b47-9105-a314b0164172','01a2013c-7f96-7e27-8527-ec2e374ce1d7','user','complete',1795317071770,0,NULL,NULL);
INSERT INTO "message" VALUES(31,'01a2013c-7f9c-795d-ab5c-58b303806555','01a2013c-7f9c-73bd-a290-e99a20e03449',NULL,'user','complete',1795317071772,0,NULL,NULL);
INSERT INTO "message" VALUES(32,'01a2013c-7f9d-71ac-87ae-ad7f24aa720e','01a2013c-7f9c-73bd-a290-e99a20e03449','01a2013c-7f9c-795d-ab5c-58b303806555','assistant','complete',1795317071773,0,NULL,NULL);
INSERT INTO "message" VALUES(33,'01a2013c-7f9e-7e52-86c7-21e1b6b66103','01a2013c-7f9c-73bd-a290-e99a20e03449','01a2013c-7f9d-71ac-87ae-ad7f24aa720e','user','complete',1795317071774,0,NULL,NULL);
INSERT INTO "message" VALUES(34,'01a2013c-7f9e-7896-a2ee-6fa22eaca741','01a2013c-7f9c-73bd-a290-e99a20e03449','01a2013c-7f9e-7e52-86c7-21e1b6b66103','assistant','stopped',1795317071774,0,NULL,NULL);
INSERT INTO "message" VALUES(35,'01a2013c-7fa0-78b5-864c-20f05a9889ea','01a2013c-7f9c-73bd-a290-e99a20e03449','01a2013c-7f9e-7896-a2ee-6fa22eaca741','user','complete',1795317071776,0,NULL,NULL);
INSERT INTO "message" VALUES(36,'01a2013c-7fa1-762b-b576-f727ace42637','01a2013c-7f9c-73bd-a290-e99a20e03449','01a2013c-7fa0-78b5-864c-20f05a9889ea','assistant','failed',1795317071777,0,NULL,NULL);
INSERT INTO "message" VALUES(37,'01a2013c-7fa4-7d2c-8d26-51959f0e974c','01a2013c-7fa3-78ae-8363-3aeec170658e',NULL,'user','complete',1795317071780,0,NULL,NULL);
INSERT INTO "message" VALUES(38,'01a2013c-7fa4-71a1-9343-19c990cdce07','01a2013c-7fa3-78ae-8363-3aeec170658e','01a2013c-7fa4-7d2c-8d26-51959f0e974c','assistant','complete',1795317071780,0,NULL,NULL);
INSERT INTO "message" VALUES(39,'01a2013c-7fa5-7365-b29d-b65190e5f966','01a2013c-7fa3-78ae-8363-3aeec170658e','01a2013c-7fa4-71a1-9343-19c990cdce07','user','complete',1795317071781,0,NULL,NULL);
INSERT INTO "message" VALUES(40,'01a2013c-7fa6-7396-954a-1c03b615d99a','01a2013c-7fa3-78ae-8363-3aeec170658e','01a2013c-7fa5-7365-b29d-b65190e5f966','assistant','stopped',1795317071782,0,NULL,NULL);
INSERT INTO "message" VALUES(41,'01a2013c-7fa8-740a-a3a4-aa93adf4fc3d','01a2013c-7fa3-78ae-8363-3aeec170658e','01a2013c-7fa6-7396-954a-1c03b615d99a','user','complete',1795317071784,0,NULL,NULL);
INSERT INTO "message" VALUES(42,'01a2013c-7fa8-73e8-8f3e-0a613f34c5d3','01a2013c-7fa3-78ae-8363-3aeec170658e','01a2013c-7fa8-740a-a3a4-aa93adf4fc3d','assistant','failed',1795317071784,1,NULL,NULL);
INSERT INTO "message" VALUES(43,'01a2013c-7fab-7680-857d-f5fde89cda62','01a2013c-7fa3-78ae-8363-3aeec170658e','01a2013c-7fa6-7396-954a-1c03b615d99a','user','complete',1795317071787,0,NULL,NULL);
INSERT INTO "message" VALUES(44,'01a2013c-7faf-7d02-b9a7-f86772fa02f1','01a2013c-7fa3-78ae-8363-3aeec170658e','01a2013c-7fab-7680-857d-f5fde89cda62','assistant','streaming',1795317071791,0,NULL,'01a2013c-7f68-79eb-8e45-678e4dff4421');
CREATE TABLE part (
  message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  data TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '',
  is_trusted INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (message_id, position)
) STRICT;
INSERT INTO "part" VALUES('01a2013c-7f69-78d5-9547-506e5c7c5abe',0,'text','question 0 0 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f6a-7036-8d10-a5564017a9d8',0,'text','answer 0 0 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f6d-75c0-b8b8-6512d928c35a',0,'text','question 0 1 问题 😀 ''quoted''
line question 0 1 问题 😀 ''quoted''
line question 0 1 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f6e-79c2-8c29-f4e0c7fda015',0,'reasoning','let me think','',1);
INSERT INTO "part" VALUES('01a2013c-7f6e-79c2-8c29-f4e0c7fda015',1,'text','answer 0 1 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f72-754e-b3b3-a2dfdc6462ac',0,'text','question 1 0 问题 😀 ''quoted''
line question 1 0 问题 😀 ''quoted''
line question 1 0 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f72-750e-be70-98e75189a2a9',0,'text','answer 1 0 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f75-7e57-9cd5-e249a9f3ca0f',0,'text','question 1 1 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f76-7202-954c-3f08517fe155',0,'reasoning','let me think','',1);
INSERT INTO "part" VALUES('01a2013c-7f76-7202-954c-3f08517fe155',1,'text','answer 1 1 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f78-7fe1-adf3-1d8079528776',0,'text','question 1 2 问题 😀 ''quoted''
line question 1 2 问题 😀 ''quoted''
line question 1 2 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f79-7a6a-9627-f74ca81c981c',0,'text','answer 1 2 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f79-7a6a-9627-f74ca81c981c',1,'error','went wrong
try again','',1);
INSERT INTO "part" VALUES('01a2013c-7f7b-738c-9074-945f603e4486',0,'text','question 1 3 问题 😀 ''quoted''
line question 1 3 问题 😀 ''quoted''
line question 1 3 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f7b-71fe-8020-653eae6affa1',0,'reasoning','let me think','',1);
INSERT INTO "part" VALUES('01a2013c-7f7b-71fe-8020-653eae6affa1',1,'text','answer 1 3 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f7d-70f9-9ae6-1409e1e0fd26',0,'text','question 1 4 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f7e-77b6-bc3d-be7dcb2003db',0,'text','answer 1 4 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f80-7dde-a9f9-845c0ab84b8b',0,'text','edited','',1);
INSERT INTO "part" VALUES('01a2013c-7f7d-70f9-9ae6-1409e1e0fd26',1,'context','{"not_sent": []}','',1);
INSERT INTO "part" VALUES('01a2013c-7f7e-77b6-bc3d-be7dcb2003db',1,'text','from a web page','https://x.example',0);
INSERT INTO "part" VALUES('01a2013c-7f83-770b-b40e-deac5b99ecea',0,'text','question 2 0 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f84-7252-be6b-90cc5df30b53',0,'text','answer 2 0 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f85-7f97-8d64-b3d5570d8540',0,'text','question 2 1 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f86-7b4c-ac45-1bb5b77d0873',0,'reasoning','let me think','',1);
INSERT INTO "part" VALUES('01a2013c-7f86-7b4c-ac45-1bb5b77d0873',1,'text','answer 2 1 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f87-7ea5-90ae-dd79708ebdfd',0,'text','question 2 2 问题 😀 ''quoted''
line question 2 2 问题 😀 ''quoted''
line question 2 2 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f88-7f02-aa5d-1b30d5dc28a2',0,'text','answer 2 2 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f88-7f02-aa5d-1b30d5dc28a2',1,'error','went wrong
try again','',1);
INSERT INTO "part" VALUES('01a2013c-7f8a-7bf8-aa7e-3804b204f4da',0,'text','question 2 3 问题 😀 ''quoted''
line question 2 3 问题 😀 ''quoted''
line question 2 3 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f8a-72ec-80ca-ce432d5796fb',0,'reasoning','let me think','',1);
INSERT INTO "part" VALUES('01a2013c-7f8a-72ec-80ca-ce432d5796fb',1,'text','answer 2 3 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f8d-74be-bb95-6d7328a82e8b',0,'text','question 3 0 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f8e-7fa3-8464-76d83ecb482d',0,'text','answer 3 0 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f95-78b4-a9b1-3512bdb5c6ee',0,'text','question 3 1 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f96-7e27-8527-ec2e374ce1d7',0,'reasoning','let me think','',1);
INSERT INTO "part" VALUES('01a2013c-7f96-7e27-8527-ec2e374ce1d7',1,'text','answer 3 1 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f98-73e3-89b4-cdd5a7e6273e',0,'text','question 3 2 问题 😀 ''quoted''
line question 3 2 问题 😀 ''quoted''
line question 3 2 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f98-77dc-a259-3897d896be4e',0,'text','answer 3 2 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f98-77dc-a259-3897d896be4e',1,'error','went wrong
try again','',1);
INSERT INTO "part" VALUES('01a2013c-7f9a-7d15-a84a-f5e0e5c797e5',0,'text','edited','',1);
INSERT INTO "part" VALUES('01a2013c-7f98-73e3-89b4-cdd5a7e6273e',1,'context','{"not_sent": []}','',1);
INSERT INTO "part" VALUES('01a2013c-7f98-77dc-a259-3897d896be4e',2,'text','from a web page','https://x.example',0);
INSERT INTO "part" VALUES('01a2013c-7f9c-795d-ab5c-58b303806555',0,'text','question 4 0 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f9d-71ac-87ae-ad7f24aa720e',0,'text','answer 4 0 ','',1);
INSERT INTO "part" VALUES('01a2013c-7f9e-7e52-86c7-21e1b6b66103',0,'text','question 4 1 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7f9e-7896-a2ee-6fa22eaca741',0,'reasoning','let me think','',1);
INSERT INTO "part" VALUES('01a2013c-7f9e-7896-a2ee-6fa22eaca741',1,'text','answer 4 1 ','',1);
INSERT INTO "part" VALUES('01a2013c-7fa0-78b5-864c-20f05a9889ea',0,'text','question 4 2 问题 😀 ''quoted''
line question 4 2 问题 😀 ''quoted''
line question 4 2 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7fa1-762b-b576-f727ace42637',0,'text','answer 4 2 ','',1);
INSERT INTO "part" VALUES('01a2013c-7fa1-762b-b576-f727ace42637',1,'error','went wrong
try again','',1);
INSERT INTO "part" VALUES('01a2013c-7fa4-7d2c-8d26-51959f0e974c',0,'text','question 5 0 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7fa4-71a1-9343-19c990cdce07',0,'text','answer 5 0 ','',1);
INSERT INTO "part" VALUES('01a2013c-7fa5-7365-b29d-b65190e5f966',0,'text','question 5 1 问题 😀 ''quoted''
line question 5 1 问题 😀 ''quoted''
line question 5 1 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7fa6-7396-954a-1c03b615d99a',0,'reasoning','let me think','',1);
INSERT INTO "part" VALUES('01a2013c-7fa6-7396-954a-1c03b615d99a',1,'text','answer 5 1 ','',1);
INSERT INTO "part" VALUES('01a2013c-7fa8-740a-a3a4-aa93adf4fc3d',0,'text','question 5 2 问题 😀 ''quoted''
line ','',1);
INSERT INTO "part" VALUES('01a2013c-7fa8-73e8-8f3e-0a613f34c5d3',0,'text','answer 5 2 ','',1);
INSERT INTO "part" VALUES('01a2013c-7fa8-73e8-8f3e-0a613f34c5d3',1,'error','went wrong
try again','',1);
INSERT INTO "part" VALUES('01a2013c-7fab-7680-857d-f5fde89cda62',0,'text','edited','',1);
INSERT INTO "part" VALUES('01a2013c-7fa8-740a-a3a4-aa93adf4fc3d',1,'context','{"not_sent": []}','',1);
INSERT INTO "part" VALUES('01a2013c-7fa8-73e8-8f3e-0a613f34c5d3',2,'text','from a web page','https://x.example',0);
INSERT INTO "part" VALUES('01a2013c-7faf-7d02-b9a7-f86772fa02f1',0,'text','half an ans','',1);
CREATE INDEX conversation_by_leaf ON conversation (leaf_id);
CREATE INDEX conversation_by_updated ON conversation (updated_ms);
CREATE INDEX message_by_parent ON message (parent_id, conversation_id);
CREATE INDEX message_by_conversation ON message (conversation_id);
CREATE INDEX message_streaming ON message (writer_id) WHERE state = 'streaming';
CREATE INDEX generation_by_base ON generation (prompt_base_id);
COMMIT;
